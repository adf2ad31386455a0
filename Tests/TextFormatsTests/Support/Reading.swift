import Columnar
import SternaBase
import Testing

@testable import TextFormats

/// All rows of a text as one frame, its bytes handed over in pieces of `chunkByteCount`.
func read(
  _ text: String, chunkByteCount: Int = 1 << 20, _ change: (inout CSVOptions) -> Void = { _ in }
) throws -> DataFrame {
  try read(Array(text.utf8), chunkByteCount: chunkByteCount, change)
}

func read(
  _ bytes: [UInt8], chunkByteCount: Int = 1 << 20, _ change: (inout CSVOptions) -> Void = { _ in }
) throws -> DataFrame {
  var options = CSVOptions()
  change(&options)
  var reader = try CSVReader(MemorySource(Bytes(bytes), chunkByteCount: chunkByteCount), options: options)
  var frames: [DataFrame] = []
  while let frame = try reader.next() {
    #expect(frame.rowCount > 0 && frame.rowCount <= options.batchRowLimit)
    #expect(frame.schema == reader.schema)
    frames.append(frame)
  }
  if frames.isEmpty {
    let columns = reader.schema.fields.map { ColumnBuilder($0.type).finish() }
    return DataFrame(schema: reader.schema, columns: columns, rowCount: 0)
  }
  return try DataFrame.concatenating(frames)
}

/// The error that reading a text gives; a test fails when there is none.
func failure(
  reading text: String, _ change: (inout CSVOptions) -> Void = { _ in },
  sourceLocation: SourceLocation = #_sourceLocation
) -> SternaError? {
  let error = #expect(throws: SternaError.self, sourceLocation: sourceLocation) { try read(text, change) }
  return error
}
