import Columnar
import SternaBase

/// The text of every value of a column, one behind the other.
///
///     bytes  [1 6 7 . 4 1 1 6 7 . 4 2 n u l l]
///     ends   [            6           12     16]
///
/// Columns are rendered one at a time, so that the type is looked at once, and rows are then put together
/// from the pieces.
struct RenderedColumn {
  private(set) var bytes: [UInt8] = []
  private var ends: [Int] = []

  @inline(__always)
  func range(of row: Int) -> Range<Int> { (row == 0 ? 0 : ends[row - 1])..<ends[row] }

  func text(of row: Int) -> String { String(decoding: bytes[range(of: row)], as: UTF8.self) }

  @inline(__always)
  func append(row: Int, to output: inout [UInt8]) { output.append(contentsOf: bytes[range(of: row)]) }

  init(_ column: Column, style: TextStyle) {
    ends.reserveCapacity(column.count)
    bytes.reserveCapacity(column.count * 8)
    switch column.type {
    case .int8: integers(column, style, as: Int8.self)
    case .int16: integers(column, style, as: Int16.self)
    case .int32: integers(column, style, as: Int32.self)
    case .int64: integers(column, style, as: Int64.self)
    case .uint8: integers(column, style, as: UInt8.self)
    case .uint16: integers(column, style, as: UInt16.self)
    case .uint32: integers(column, style, as: UInt32.self)
    case .uint64: integers(column, style, as: UInt64.self)
    case .float32:
      values(column, style, as: Float.self) {
        style.appendFloat($1.description, isFinite: $1.isFinite, to: &$0)
      }
    case .float64:
      values(column, style, as: Double.self) {
        style.appendFloat($1.description, isFinite: $1.isFinite, to: &$0)
      }
    case .timestamp(let unit, let zone):
      times(column, style, as: Int64.self) {
        TimestampText.append($1, unitsPerSecond: unit.unitsPerSecond, zoned: zone != nil, to: &$0)
      }
    case .duration(let unit):
      times(column, style, as: Int64.self) {
        DurationText.append($1, unitsPerSecond: unit.unitsPerSecond, to: &$0)
      }
    case .date: times(column, style, as: Int32.self) { DateText.append(daysSinceEpoch: Int64($1), to: &$0) }
    case .bool: booleans(column, style)
    case .utf8, .dictionary: texts(column, style) { style.appendText($1, to: &$0) }
    case .binary:
      texts(column, style) { output, bytes in
        style.appendSafeText(to: &output) { $0.append(contentsOf: Hex.encode(bytes).utf8) }
      }
    }
  }

  @inline(__always)
  private mutating func values<Element: FixedWidthValue>(
    _ column: Column, _ style: TextStyle, as element: Element.Type,
    _ append: (inout [UInt8], Element) -> Void
  ) {
    column.withValues(as: Element.self) { values in
      for row in values.indices {
        if column.isNull(at: row) { style.appendNull(to: &bytes) } else { append(&bytes, values[row]) }
        ends.append(bytes.count)
      }
    }
  }

  private mutating func integers<Element: FixedWidthValue & FixedWidthInteger>(
    _ column: Column, _ style: TextStyle, as element: Element.Type
  ) {
    values(column, style, as: element) { $0.append(contentsOf: String($1).utf8) }
  }

  private mutating func times<Element: FixedWidthValue>(
    _ column: Column, _ style: TextStyle, as element: Element.Type,
    _ append: (inout [UInt8], Element) -> Void
  ) {
    values(column, style, as: element) { output, value in
      style.appendSafeText(to: &output) { append(&$0, value) }
    }
  }

  private mutating func booleans(_ column: Column, _ style: TextStyle) {
    for row in 0..<column.count {
      switch column.value(at: row) {
      case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
      default: style.appendNull(to: &bytes)
      }
      ends.append(bytes.count)
    }
  }

  private mutating func texts(
    _ column: Column, _ style: TextStyle, _ append: (inout [UInt8], UnsafeRawBufferPointer) -> Void
  ) {
    for row in 0..<column.count {
      if column.withBytes(at: row, { append(&bytes, $0) }) == nil { style.appendNull(to: &bytes) }
      ends.append(bytes.count)
    }
  }
}

extension Value {
  /// The value as people write it, instants and days as dates.
  package func text(as type: DataType) -> String {
    let builder = ColumnBuilder(type, reserving: 1)
    builder.append(self)
    return RenderedColumn(builder.finish(), style: .table(nullText: Array("null".utf8))).text(of: 0)
  }
}
