public import SternaBase

/// One value of any column, for callers that handle a few: printing, statistics, tests.
///
/// Equality is bit for bit: a NaN equals a NaN of the same payload, and -0.0 differs from 0.0.
public enum Value: Sendable {
  case null
  /// A value of a signed integer column of any width.
  case integer(Int64)
  /// A value of an unsigned integer column of any width.
  case unsigned(UInt64)
  case float32(Float)
  case float64(Double)
  case bool(Bool)
  /// Units since 1970-01-01 UTC.
  case timestamp(Int64, TimeUnit)
  case duration(Int64, TimeUnit)
  /// Days since 1970-01-01.
  case date(Int32)
  /// A value of a utf8 or dictionary column.
  case text(String)
  case binary(Bytes)

  public var isNull: Bool {
    if case .null = self { true } else { false }
  }
}

extension Value: Equatable {
  public static func == (left: Value, right: Value) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.integer(let left), .integer(let right)): left == right
    case (.unsigned(let left), .unsigned(let right)): left == right
    case (.float32(let left), .float32(let right)): left.bitPattern == right.bitPattern
    case (.float64(let left), .float64(let right)): left.bitPattern == right.bitPattern
    case (.bool(let left), .bool(let right)): left == right
    case (.timestamp(let left, let leftUnit), .timestamp(let right, let rightUnit)):
      left == right && leftUnit == rightUnit
    case (.duration(let left, let leftUnit), .duration(let right, let rightUnit)):
      left == right && leftUnit == rightUnit
    case (.date(let left), .date(let right)): left == right
    case (.text(let left), .text(let right)): left.utf8.elementsEqual(right.utf8)
    case (.binary(let left), .binary(let right)): left == right
    default: false
    }
  }
}

extension Value: Hashable {
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .integer(let value), .timestamp(let value, _), .duration(let value, _): hasher.combine(value)
    case .unsigned(let value): hasher.combine(value)
    case .float32(let value): hasher.combine(value.bitPattern)
    case .float64(let value): hasher.combine(value.bitPattern)
    case .bool(let value): hasher.combine(value)
    case .date(let value): hasher.combine(value)
    case .text(let value): for byte in value.utf8 { hasher.combine(byte) }
    case .binary(let value): hasher.combine(value.count)
    }
  }
}

extension Value: CustomStringConvertible {
  /// The bare number or text; times and dates as their count of units.
  public var description: String {
    switch self {
    case .null: "null"
    case .integer(let value): "\(value)"
    case .unsigned(let value): "\(value)"
    case .float32(let value): "\(value)"
    case .float64(let value): "\(value)"
    case .bool(let value): "\(value)"
    case .timestamp(let value, let unit), .duration(let value, let unit): "\(value) \(unit.symbol)"
    case .date(let value): "day \(value)"
    case .text(let value): value
    case .binary(let value): Hex.encode(value.array)
    }
  }
}
