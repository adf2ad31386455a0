import Columnar
import SternaBase

/// An instant, without a zone, to the nanosecond.
///
///     let open: Timestamp = "2013-10-07T09:30:00"
///     try await library.read("SPY", time: open...(open + .minutes(1)))
///
/// It reaches farther than 64 bits of nanoseconds, since an index of seconds or days does.
public struct Timestamp: Hashable, Sendable {
  /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
  public let secondsSinceEpoch: Int64
  /// What is behind the second: 0 ..< 1,000,000,000, also before 1970.
  public let nanosecondOfSecond: Int64

  private static let nanosecondsPerSecond: Int64 = 1_000_000_000

  /// Before every value of every index: a range from here is open.
  public static let distantPast = Timestamp(secondsSinceEpoch: .min, nanosecondOfSecond: 0)
  /// Behind every value of every index.
  public static let distantFuture = Timestamp(
    secondsSinceEpoch: .max, nanosecondOfSecond: nanosecondsPerSecond - 1)

  /// - Precondition: `nanosecondOfSecond` is in 0 ..< 1,000,000,000.
  public init(secondsSinceEpoch: Int64, nanosecondOfSecond: Int64) {
    precondition((0..<Self.nanosecondsPerSecond).contains(nanosecondOfSecond))
    self.secondsSinceEpoch = secondsSinceEpoch
    self.nanosecondOfSecond = nanosecondOfSecond
  }

  public init(nanosecondsSinceEpoch: Int64) {
    self.init(clamping: Int128(nanosecondsSinceEpoch))
  }

  /// Reads ISO 8601: a date, or a date and time with up to nine fractional digits and an optional zone.
  /// - Returns: nil for anything else.
  public init?(_ text: String) {
    guard let parsed = TimestampText(parsing: text) else { return nil }
    self.init(secondsSinceEpoch: parsed.seconds, nanosecondOfSecond: parsed.nanoseconds)
  }

  /// Nanoseconds since 1970-01-01T00:00:00Z. Those of an instant before 1678 or behind 2262 do not fit: the
  /// least or the greatest number stands for it.
  public var nanosecondsSinceEpoch: Int64 { Int64(clamping: nanoseconds) }

  /// All of them; they fit 94 bits.
  private var nanoseconds: Int128 {
    Int128(secondsSinceEpoch) * Int128(Self.nanosecondsPerSecond) + Int128(nanosecondOfSecond)
  }

  /// Beyond the range of instants, its end.
  private init(clamping nanoseconds: Int128) {
    guard let seconds = Int64(exactly: nanoseconds.floored(by: Int128(Self.nanosecondsPerSecond))) else {
      self = nanoseconds < 0 ? .distantPast : .distantFuture
      return
    }
    secondsSinceEpoch = seconds
    nanosecondOfSecond = Int64(nanoseconds - Int128(seconds) * Int128(Self.nanosecondsPerSecond))
  }
}

extension Timestamp {
  /// Beyond the range of instants, its end.
  public static func + (left: Timestamp, right: Duration) -> Timestamp {
    Timestamp(clamping: left.nanoseconds + nanoseconds(of: right))
  }

  /// As `+`.
  public static func - (left: Timestamp, right: Duration) -> Timestamp {
    Timestamp(clamping: left.nanoseconds - nanoseconds(of: right))
  }

  private static func nanoseconds(of duration: Duration) -> Int128 {
    let (seconds, attoseconds) = duration.components
    return Int128(seconds) * Int128(nanosecondsPerSecond) + Int128(attoseconds / nanosecondsPerSecond)
  }
}

extension Timestamp: Comparable {
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    (left.secondsSinceEpoch, left.nanosecondOfSecond) < (right.secondsSinceEpoch, right.nanosecondOfSecond)
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
    TimestampText(seconds: secondsSinceEpoch, nanoseconds: nanosecondOfSecond, hasZone: true).description
  }
}

extension Timestamp {
  /// The values of an index of this type that lie in a closed range of instants; nil when none can, and for
  /// an index that is not made of instants or days.
  static func indexRange(_ range: ClosedRange<Timestamp>, of type: DataType) -> ClosedRange<Int64>? {
    let nanosecondsPerUnit: Int128
    switch type {
    case .timestamp(let unit, _): nanosecondsPerUnit = Int128(nanosecondsPerSecond / unit.unitsPerSecond)
    case .date: nanosecondsPerUnit = Int128(TimestampText.secondsPerDay * nanosecondsPerSecond)
    default: return nil
    }
    // Rounded inwards: up to a whole unit, and down to one.
    let lower = -(-range.lowerBound.nanoseconds).floored(by: nanosecondsPerUnit)
    let upper = range.upperBound.nanoseconds.floored(by: nanosecondsPerUnit)
    guard lower <= upper, lower <= Int64.max, upper >= Int64.min else { return nil }
    return Int64(clamping: lower)...Int64(clamping: upper)
  }
}

extension Int128 {
  /// The quotient rounded towards negative infinity, for a divisor above 0.
  fileprivate func floored(by divisor: Int128) -> Int128 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
