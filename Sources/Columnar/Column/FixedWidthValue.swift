/// A number that is one slot of a fixed-width column.
public protocol FixedWidthValue: BitwiseCopyable, Sendable {
  /// The type of a column made of plain values of this kind.
  static var dataType: DataType { get }
  /// What the slot of a null holds.
  static var zero: Self { get }
}

extension Int8: FixedWidthValue { public static var dataType: DataType { .int8 } }
extension Int16: FixedWidthValue { public static var dataType: DataType { .int16 } }
extension Int32: FixedWidthValue { public static var dataType: DataType { .int32 } }
extension Int64: FixedWidthValue { public static var dataType: DataType { .int64 } }
extension UInt8: FixedWidthValue { public static var dataType: DataType { .uint8 } }
extension UInt16: FixedWidthValue { public static var dataType: DataType { .uint16 } }
extension UInt32: FixedWidthValue { public static var dataType: DataType { .uint32 } }
extension UInt64: FixedWidthValue { public static var dataType: DataType { .uint64 } }
extension Float: FixedWidthValue { public static var dataType: DataType { .float32 } }
extension Double: FixedWidthValue { public static var dataType: DataType { .float64 } }

extension DataType {
  /// The plain type whose slots this type's values are: int64 for a timestamp, int32 for a date.
  package var slotType: DataType {
    switch self {
    case .timestamp, .duration: .int64
    case .date, .dictionary: .int32
    default: self
    }
  }
}
