/// What the values of a column are.
public enum DataType: Hashable, Sendable {
  case int8, int16, int32, int64
  case uint8, uint16, uint32, uint64
  case float32, float64
  case bool
  /// An instant: units since 1970-01-01 UTC in an Int64. The zone (an IANA name or an offset) says how to
  /// show it; nil means that the instant has no zone.
  case timestamp(TimeUnit, zone: String?)
  /// A length of time: units in an Int64.
  case duration(TimeUnit)
  /// A calendar day: days since 1970-01-01 in an Int32.
  case date
  case utf8
  case binary
  /// UTF-8 text of few distinct values: an Int32 code a row, and the distinct values once.
  case dictionary

  /// Bytes of one value in memory, or nil for bools (a bit) and variable-width types.
  /// A dictionary's are those of its codes.
  public var byteWidth: Int? {
    switch self {
    case .int8, .uint8: 1
    case .int16, .uint16: 2
    case .int32, .uint32, .float32, .date, .dictionary: 4
    case .int64, .uint64, .float64, .timestamp, .duration: 8
    case .bool, .utf8, .binary: nil
    }
  }

  /// True for types that may index a symbol: ordered, and exactly an Int64.
  public var canIndex: Bool {
    switch self {
    case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .timestamp, .date: true
    default: false
    }
  }
}

/// The unit of a timestamp or duration.
public enum TimeUnit: UInt8, Hashable, Sendable, CaseIterable {
  case second = 0
  case millisecond = 1
  case microsecond = 2
  case nanosecond = 3

  /// How many units make a second.
  public var unitsPerSecond: Int64 {
    switch self {
    case .second: 1
    case .millisecond: 1_000
    case .microsecond: 1_000_000
    case .nanosecond: 1_000_000_000
    }
  }

  public var symbol: String {
    switch self {
    case .second: "s"
    case .millisecond: "ms"
    case .microsecond: "us"
    case .nanosecond: "ns"
    }
  }
}

extension DataType: CustomStringConvertible {
  /// The name used on the command line and in messages: `int64`, `timestamp[ns, UTC]`, `dictionary<utf8>`.
  public var description: String {
    switch self {
    case .int8: "int8"
    case .int16: "int16"
    case .int32: "int32"
    case .int64: "int64"
    case .uint8: "uint8"
    case .uint16: "uint16"
    case .uint32: "uint32"
    case .uint64: "uint64"
    case .float32: "float32"
    case .float64: "float64"
    case .bool: "bool"
    case .timestamp(let unit, nil): "timestamp[\(unit.symbol)]"
    case .timestamp(let unit, let zone?): "timestamp[\(unit.symbol), \(zone)]"
    case .duration(let unit): "duration[\(unit.symbol)]"
    case .date: "date"
    case .utf8: "utf8"
    case .binary: "binary"
    case .dictionary: "dictionary<utf8>"
    }
  }
}
