import Columnar
import SternaBase

/// Turns the fields of one column into values, a block at a time: the type is looked at once a block, not
/// once a field.
final class CSVColumnParser {
  let name: String
  let type: DataType
  private let position: Int
  private let timeRule: TimeRule
  private let isIndex: Bool
  private let nulls: NullRule
  private let builder: ColumnBuilder
  /// Holds the value of a field with doubled quotes while it is parsed.
  private var unescaped: [UInt8] = []

  /// - Parameter timeRule: how instants are read; only looked at for a timestamp type.
  init(name: String, type: DataType, timeRule: TimeRule, position: Int, isIndex: Bool, nulls: NullRule) {
    self.name = name
    self.type = type
    self.timeRule = timeRule
    self.position = position
    self.isIndex = isIndex
    self.nulls = nulls
    builder = ColumnBuilder(type)
  }

  /// The rows appended so far as a column; starts again with none.
  func finish() -> Column { builder.finish() }

  func append(_ block: CSVBlock) throws(SternaError) {
    switch type {
    case .int8: try append(block, { IntegerText.parse($0, as: Int8.self) }, { $0.append(Int64($1)) })
    case .int16: try append(block, { IntegerText.parse($0, as: Int16.self) }, { $0.append(Int64($1)) })
    case .int32: try append(block, { IntegerText.parse($0, as: Int32.self) }, { $0.append(Int64($1)) })
    case .int64: try append(block, { IntegerText.parse($0, as: Int64.self) }, { $0.append($1) })
    case .uint8: try append(block, { IntegerText.parse($0, as: UInt8.self) }, { $0.append(UInt64($1)) })
    case .uint16: try append(block, { IntegerText.parse($0, as: UInt16.self) }, { $0.append(UInt64($1)) })
    case .uint32: try append(block, { IntegerText.parse($0, as: UInt32.self) }, { $0.append(UInt64($1)) })
    case .uint64: try append(block, { IntegerText.parse($0, as: UInt64.self) }, { $0.append($1) })
    case .float32: try append(block, { FloatText.parseFloat($0) }, { $0.append($1) })
    case .float64: try append(block, { FloatText.parseDouble($0) }, { $0.append($1) })
    case .bool: try append(block, { BooleanText.parse($0) }, { $0.append($1) })
    case .date:
      try append(block, { DateText.parse($0).flatMap { Int32(exactly: $0) } }, { $0.append(Int64($1)) })
    case .timestamp: try append(block, { [timeRule] in timeRule.parse($0) }, { $0.append($1) })
    case .duration(let unit):
      try append(
        block, { DurationText.parse($0, unitsPerSecond: unit.unitsPerSecond) }, { $0.append($1) })
    case .utf8, .dictionary:
      try append(block, isText: true, { Self.isUTF8($0) ? $0 : nil }, { $0.append(utf8: $1) })
    case .binary:
      try append(block, isText: true, { Hex.decode(String(decoding: $0, as: UTF8.self)) }) {
        builder, bytes in
        bytes.withUnsafeBytes { builder.append(utf8: $0) }
      }
    }
  }

  @inline(__always)
  private func append<Value>(
    _ block: CSVBlock, isText: Bool = false, _ parse: (UnsafeRawBufferPointer) -> Value?,
    _ add: (ColumnBuilder, Value) -> Void
  ) throws(SternaError) {
    for row in 0..<block.rowCount {
      let span = block.span(row: row, column: position)
      if nulls.matches(span, in: block.text, isText: isText) {
        guard !isIndex else { throw missingIndex(block, row) }
        builder.appendNull()
      } else if !span.hasDoubledQuotes {
        guard let value = parse(span.raw(in: block.text)) else { throw misfit(block, row) }
        add(builder, value)
      } else {
        unescaped.removeAll(keepingCapacity: true)
        span.appendValue(in: block.text, to: &unescaped)
        // The value may point into the scratch bytes, so it is added while they are lent.
        let isAdded = unescaped.withUnsafeBytes { bytes in
          guard let value = parse(bytes) else { return false }
          add(builder, value)
          return true
        }
        guard isAdded else { throw misfit(block, row) }
      }
    }
  }

  /// Fields of pure ASCII, nearly all, are seen to be so eight bytes at a time.
  private static func isUTF8(_ text: UnsafeRawBufferPointer) -> Bool {
    var position = 0
    var highBits: UInt64 = 0
    while position + 8 <= text.count {
      highBits |= text.loadUnaligned(fromByteOffset: position, as: UInt64.self)
      position += 8
    }
    while position < text.count {
      highBits |= UInt64(text[position])
      position += 1
    }
    return highBits & 0x8080_8080_8080_8080 == 0 || String(validating: text, as: UTF8.self) != nil
  }
}

extension CSVColumnParser {
  private func misfit(_ block: CSVBlock, _ row: Int) -> SternaError {
    let place =
      "line \(block.rows.lines[row]): '\(block.excerpt(row: row, column: position))' in column '\(name)'"
    if type == .utf8 || type == .dictionary {
      return SternaError(
        .schemaMismatch, "\(place) is not UTF-8",
        advice: "Convert the file to UTF-8 first, for example with iconv -f latin1 -t utf-8.")
    }
    if isIndex {
      return SternaError(
        .schemaMismatch, "\(place) does not fit its type \(type)",
        advice: """
          Write every instant of the time column in one form: ISO 8601 with or without a zone, or numbers. \
          Instants beyond the years 1678 to 2261 need a coarser unit, as in --type \(name)=timestamp[us].
          """)
    }
    return SternaError(
      .schemaMismatch, "\(place) does not fit its type \(type)",
      advice: "Read the column as another type with --type \(name)=\(widerType(block, row)).")
  }

  /// A type that holds the value that did not fit, and those before it.
  private func widerType(_ block: CSVBlock, _ row: Int) -> DataType {
    guard type == .int64 else { return .utf8 }
    var evidence = ColumnEvidence()
    block.span(row: row, column: position).value(in: block.text).withUnsafeBytes { evidence.add($0) }
    return evidence.type == .float64 ? .float64 : .utf8
  }

  private func missingIndex(_ block: CSVBlock, _ row: Int) -> SternaError {
    SternaError(
      .schemaMismatch, "line \(block.rows.lines[row]): column '\(name)', the index, has no value",
      advice: "Fill or remove the rows without a time.")
  }
}
