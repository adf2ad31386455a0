import SternaBase

/// The values of one column, immutable, in Arrow's memory layout: what the decoder fills is what users get.
///
///     fixed width   values    [v v v v v ...]                       little-endian, byteWidth each
///     bool          values    bits
///     utf8, binary  offsets   [o0 o1 o2 ... on]  Int64, n + 1 of them, not falling
///                   data      value i is data[o_i ..< o_(i+1)]
///     dictionary    codes     [c c c ...]  Int32, each below the number of distinct values
///                   values    a utf8 column without nulls
///     utf8          as a dictionary, too: whoever has texts as codes may leave them so
///     any           validity  a bit a row, 1 = present; absent when there are no nulls
///
/// A null's slot holds any value (zero by convention) and counts for nothing. Slices share their buffers.
public struct Column: Sendable {
  public let type: DataType
  public let count: Int
  package let storage: ColumnStorage
  /// Nil when no value is null.
  public let validity: Bitmap?

  /// Adopts buffers.
  /// - Precondition: the buffers have the layout and length that `type` and `count` ask for. Whoever adopts
  ///   untrusted buffers checks them before.
  package init(type: DataType, count: Int, storage: ColumnStorage, validity: Bitmap? = nil) {
    precondition(validity.map { $0.count == count } ?? true)
    switch storage {
    case .fixedWidth(let values): precondition(values.count == count * (type.byteWidth ?? 0))
    case .bits(let bits): precondition(type == .bool && bits.count == count)
    case .variable(let offsets, _): precondition(offsets.count == (count + 1) * MemoryLayout<Int64>.size)
    case .dictionary(let codes, _):
      precondition((type == .dictionary || type == .utf8) && codes.count == count * 4)
    }
    self.type = type
    self.count = count
    self.storage = storage
    self.validity = validity
  }

  public var nullCount: Int { validity.map { count - $0.setCount } ?? 0 }

  public func isNull(at row: Int) -> Bool { validity.map { !$0[row] } ?? false }

  /// Rows `range` as a view; no values are copied.
  public func slice(_ range: Range<Int>) -> Column {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "slice out of bounds")
    return Column(
      type: type, count: range.count, storage: storage.slice(range, of: type), validity: validity?[range])
  }
}

/// The buffers of a column, by layout; see `Column`.
package enum ColumnStorage: Sendable {
  case fixedWidth(Bytes)
  case bits(Bitmap)
  case variable(offsets: Bytes, data: Bytes)
  indirect case dictionary(codes: Bytes, values: Column)

  func slice(_ range: Range<Int>, of type: DataType) -> ColumnStorage {
    switch self {
    case .fixedWidth(let values):
      let width = type.byteWidth ?? 0
      return .fixedWidth(values[(range.lowerBound * width)..<(range.upperBound * width)])
    case .bits(let bits): return .bits(bits[range])
    case .variable(let offsets, let data):
      let width = MemoryLayout<Int64>.size
      return .variable(
        offsets: offsets[(range.lowerBound * width)..<((range.upperBound + 1) * width)], data: data)
    case .dictionary(let codes, let values):
      return .dictionary(codes: codes[(range.lowerBound * 4)..<(range.upperBound * 4)], values: values)
    }
  }
}
