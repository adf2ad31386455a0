import Columnar
import SternaBase

/// Throws bytes at the decoders and columns at the encoders; `scripts/fuzz` builds and runs it.
///
///     first byte   0: the rest is a segment     1: a chunk's descriptor and bytes     2: values to encode
///
/// Whatever is read must throw or decode; whatever is encoded must come back.
@main
struct SegmentFuzz {
  static func main() throws {
    if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "--write-seeds" {
      try Seeds.write(to: CommandLine.arguments[2])
      return
    }
    var argumentCount = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    _ = runFuzzer(&argumentCount, &arguments) { data, count in
      SegmentFuzz.testOne(UnsafeRawBufferPointer(start: data, count: count))
      return 0
    }
  }

  static func testOne(_ input: UnsafeRawBufferPointer) {
    guard let kind = input.first else { return }
    let rest = Bytes(copying: UnsafeRawBufferPointer(rebasing: input[1...]))
    switch kind {
    case 0: try? decodeSegment(rest)
    case 1: try? decodeChunk(rest)
    default: RoundTrip.check(rest)
    }
  }

  /// More rows than this are slow to decode and find nothing else.
  private static let rowCountMax = 1 << 16

  private static func decodeSegment(_ bytes: Bytes) throws {
    let segment = try Segment(parsing: bytes, subject: "fuzz")
    guard segment.rowCount <= rowCountMax else { return }
    for position in segment.chunks.indices {
      guard let column = try? segment.decodeColumn(at: position) else { continue }
      readAll(column)
    }
  }

  private static func decodeChunk(_ bytes: Bytes) throws {
    var reader = ByteReader(bytes, subject: "fuzz")
    let chunk = try ColumnChunk(reading: &reader)
    guard chunk.rowCount <= rowCountMax else { return }
    readAll(try chunk.decode(reader.readRaw(chunk.byteRange.count), verifyingChecksum: false))
  }

  /// Reads every value, as a caller would.
  private static func readAll(_ column: Column) {
    for row in 0..<column.count { _ = column.value(at: row) }
    precondition(column == column)
  }
}

/// libFuzzer's own entry.
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
  _ argumentCount: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32
