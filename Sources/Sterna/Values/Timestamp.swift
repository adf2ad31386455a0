import Columnar
import SternaBase

/// An instant: nanoseconds since 1970-01-01 UTC, without a zone.
///
///     let open: Timestamp = "2013-10-07T09:30:00"
///     try await library.read("SPY", time: open...(open + .minutes(1)))
public struct Timestamp: Hashable, Sendable {
  /// Nanoseconds since 1970-01-01T00:00:00Z; covers the years 1678 to 2262.
  public var nanosecondsSinceEpoch: Int64

  public init(nanosecondsSinceEpoch: Int64) { self.nanosecondsSinceEpoch = nanosecondsSinceEpoch }

  /// Reads ISO 8601: a date, or a date and time with up to nine fractional digits and an optional zone.
  /// - Returns: nil for anything else, and for instants out of range.
  public init?(_ text: String) {
    guard let parsed = TimestampText(parsing: text), let count = parsed.count(unitsPerSecond: 1_000_000_000)
    else { return nil }
    self.init(nanosecondsSinceEpoch: count)
  }

  /// Beyond the range of instants, its end: a range of time that reaches further holds nothing more.
  public static func + (left: Timestamp, right: Duration) -> Timestamp {
    Timestamp(clamping: Int128(left.nanosecondsSinceEpoch) + nanoseconds(of: right))
  }

  /// As `+`.
  public static func - (left: Timestamp, right: Duration) -> Timestamp {
    Timestamp(clamping: Int128(left.nanosecondsSinceEpoch) - nanoseconds(of: right))
  }

  private init(clamping nanoseconds: Int128) {
    nanosecondsSinceEpoch = Int64(clamping: nanoseconds)
  }

  private static func nanoseconds(of duration: Duration) -> Int128 {
    let (seconds, attoseconds) = duration.components
    return Int128(seconds) * 1_000_000_000 + Int128(attoseconds / 1_000_000_000)
  }
}

extension Timestamp: Comparable {
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.nanosecondsSinceEpoch < right.nanosecondsSinceEpoch
  }
}

extension Timestamp: ExpressibleByStringLiteral {
  /// - Precondition: the literal is ISO 8601.
  public init(stringLiteral value: String) {
    guard let timestamp = Timestamp(value) else { preconditionFailure("not an ISO 8601 instant: \(value)") }
    self = timestamp
  }
}

extension Timestamp: CustomStringConvertible {
  /// ISO 8601 with nine fractional digits and `Z`.
  public var description: String {
    TimestampText.format(nanosecondsSinceEpoch, unitsPerSecond: 1_000_000_000, zoned: true)
  }
}

extension Timestamp {
  /// The values of an index of this type that lie in a closed range of instants; nil when none can, and for
  /// an index that is not made of instants or days.
  static func indexRange(_ range: ClosedRange<Timestamp>, of type: DataType) -> ClosedRange<Int64>? {
    let nanosecondsPerUnit: Int64
    switch type {
    case .timestamp(let unit, _): nanosecondsPerUnit = 1_000_000_000 / unit.unitsPerSecond
    case .date: nanosecondsPerUnit = 86_400 * 1_000_000_000
    default: return nil
    }
    let lower = roundedUp(range.lowerBound.nanosecondsSinceEpoch, nanosecondsPerUnit)
    let upper = roundedDown(range.upperBound.nanosecondsSinceEpoch, nanosecondsPerUnit)
    return lower <= upper ? lower...upper : nil
  }

  private static func roundedDown(_ value: Int64, _ unit: Int64) -> Int64 {
    value / unit - (value % unit < 0 ? 1 : 0)
  }

  private static func roundedUp(_ value: Int64, _ unit: Int64) -> Int64 {
    value / unit + (value % unit > 0 ? 1 : 0)
  }
}
