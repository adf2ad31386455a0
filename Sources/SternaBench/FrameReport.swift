import Columnar
import SternaBase

/// One line a column: encoding, bytes, bits a value, and speeds in GB/s of decoded bytes.
struct FrameReport {
  private let name: String
  private let rowCount: Int
  private var columns: [ColumnReport] = []

  init(measuring frame: DataFrame, name: String, options: EncodingOptions) throws {
    self.name = name
    rowCount = frame.rowCount
    for (field, column) in zip(frame.schema.fields, frame.columns) {
      columns.append(try ColumnReport(measuring: column, name: field.name, options: options))
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

  init(measuring column: Column, name: String, options: EncodingOptions) throws {
    let encoder = SegmentEncoder(options: options)
    let frames = try EncodedPieces.frames(of: column, name: name)
    let pieces = try EncodedPieces(of: column, name: name, options: options)
    self.name = name
    encoding = pieces.encoding
    encodedByteCount = pieces.byteCount
    decodedByteCount = frames.reduce(0) { $0 + $1.columns[0].memoryByteCount }
    encodeNanoseconds = try CPUTime.fastest(3) {
      for frame in frames { _ = try encoder.encode(frame, kind: .segment) }
    }
    decodeNanoseconds = try pieces.decodeNanoseconds(fastestOf: 7)
    let copied = frames.map { ByteStorage(count: $0.columns[0].memoryByteCount) }
    let target = ByteStorage(count: copied.map(\.count).max() ?? 0)
    for storage in copied { storage.mutableBytes.initializeMemory(as: UInt8.self, repeating: 1) }
    copyNanoseconds = CPUTime.fastest(7) {
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
}

extension FrameReport {
  /// Why each column of the first segment is encoded as it is.
  static func explanations(of frame: DataFrame, _ options: EncodingOptions) throws -> String {
    var text = ""
    let head = frame.slice(0..<min(frame.rowCount, EncodedPieces.rowCountMax))
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
