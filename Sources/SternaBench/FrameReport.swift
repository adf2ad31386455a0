import Columnar
import SternaBase

/// One line a column: encoding, bytes, bits a value, and speeds in GB/s of decoded bytes.
struct FrameReport {
  /// As many rows as a segment of the store has by default.
  private static let segmentRowCount = 128 << 10

  private let name: String
  private let rowCount: Int
  private var columns: [ColumnReport] = []

  init(measuring frame: DataFrame, name: String, options: EncodingOptions) throws {
    self.name = name
    rowCount = frame.rowCount
    for (field, column) in zip(frame.schema.fields, frame.columns) {
      let pieces = stride(from: 0, to: column.count, by: Self.segmentRowCount).map {
        column.slice($0..<min($0 + Self.segmentRowCount, column.count))
      }
      columns.append(
        try ColumnReport(measuring: pieces, name: field.name, options: options))
    }
  }

  var table: String {
    let byteCount = columns.reduce(0) { $0 + $1.encodedByteCount }
    let total = Output.number(Double(byteCount) / 1e6, decimals: 3, width: 0)
    var text = "\(name): \(rowCount) rows, \(total) MB, "
    text +=
      Output.number(Double(byteCount) / Double(max(1, rowCount)), decimals: 3, width: 0) + " bytes a row\n"
    text += ColumnReport.header
    for column in columns { text += column.line(rowCount: rowCount) }
    return text + "\n"
  }
}

/// The measurements of one column.
struct ColumnReport {
  private static let nameWidth = 14

  let name: String
  let encoding: String
  let encodedByteCount: Int
  let decodedByteCount: Int
  let encodeNanoseconds: Double
  let decodeNanoseconds: Double
  let copyNanoseconds: Double

  init(
    measuring pieces: [Column], name: String, options: EncodingOptions
  ) throws {
    let encoder = SegmentEncoder(options: options)
    let frames = try pieces.map { try DataFrame([(name, $0)]) }
    let segments = try frames.map { try encoder.encode($0, kind: .segment) }
    let parsed = try segments.map { try Segment(parsing: $0.bytes, subject: name) }
    for (segment, piece) in zip(parsed, pieces) {
      guard try segment.decodeColumn(at: 0) == piece else {
        throw SternaError(.corrupt, "column '\(name)' did not come back as it was")
      }
    }
    self.name = name
    encoding = segments.first?.chunks[0].encodingDescription ?? "-"
    encodedByteCount = segments.reduce(0) { $0 + $1.chunks[0].byteRange.count }
    decodedByteCount = pieces.reduce(0) { $0 + $1.memoryByteCount }
    encodeNanoseconds = try Self.fastest(3) {
      for frame in frames { _ = try encoder.encode(frame, kind: .segment) }
    }
    decodeNanoseconds = try Self.fastest(7) {
      for segment in parsed { _ = try segment.decodeColumn(at: 0) }
    }
    let copied = pieces.map { piece in ByteStorage(count: piece.memoryByteCount) }
    let target = ByteStorage(count: copied.map(\.count).max() ?? 0)
    for storage in copied { storage.mutableBytes.initializeMemory(as: UInt8.self, repeating: 1) }
    copyNanoseconds = Self.fastest(7) {
      for storage in copied { target.mutableBytes.copyMemory(from: storage.bytes) }
    }
  }

  static var header: String {
    Output.column("  column", width: nameWidth + 2) + "        bytes  bits/row  write GB/s  read GB/s"
      + "  copy/read  encoding\n"
  }

  func line(rowCount: Int) -> String {
    let bits = Double(encodedByteCount) * 8 / Double(max(1, rowCount))
    let decoded = Double(decodedByteCount)
    return "  " + Output.column(name, width: Self.nameWidth)
      + Output.column("\(encodedByteCount)", width: -13)
      + Output.number(bits, decimals: 3, width: 10)
      + Output.number(decoded / encodeNanoseconds, decimals: 2, width: 12)
      + Output.number(decoded / decodeNanoseconds, decimals: 2, width: 11)
      + Output.number(copyNanoseconds / decodeNanoseconds, decimals: 2, width: 11)
      + "  \(encoding)\n"
  }

  /// The fastest of several times: whatever else the machine does only adds.
  private static func fastest(
    _ count: Int, _ work: () throws -> Void
  ) rethrows -> Double {
    var fastest = Int64.max
    for _ in 0..<count {
      let start = CPUTime.nanoseconds()
      try work()
      fastest = min(fastest, CPUTime.nanoseconds() - start)
    }
    return Double(max(1, fastest))
  }
}

extension FrameReport {
  /// Why each column of the first segment is encoded as it is.
  static func explanations(of frame: DataFrame, _ options: EncodingOptions) throws -> String {
    var text = ""
    let head = frame.slice(0..<min(frame.rowCount, segmentRowCount))
    for (field, column) in zip(head.schema.fields, head.columns) {
      let explanation = try SegmentEncoder(options: options).explain(column)
      text += "  \(field.name): \(explanation.encoding), "
      text += Output.number(explanation.bitsPerValue, decimals: 3, width: 0) + " bits a value, 1/"
      text += Output.number(explanation.ratio, decimals: 1, width: 0) + "\n"
      text += "      bits/value   decode ns   read ns  encoding\n"
      for candidate in explanation.candidates {
        text += Output.number(candidate.bitsPerValue, decimals: 3, width: 16)
        text += Output.number(candidate.nanosecondsPerValue, decimals: 2, width: 12)
        text += Output.number(candidate.readNanosecondsPerValue, decimals: 2, width: 10)
        text += "  \(candidate.encoding)\n"
      }
    }
    return text + "\n"
  }
}
