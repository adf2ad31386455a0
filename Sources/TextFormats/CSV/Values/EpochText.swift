import Columnar
import SternaBase

/// The unit of instants that are written as numbers since 1970-01-01.
package enum EpochUnit: Hashable, Sendable {
  /// Told by the size of the numbers; see `TimeUnit.init(guessingFrom:)`.
  case automatic
  case exactly(TimeUnit)
}

extension TimeUnit {
  /// The unit in which a number is an instant of the years 1973 to 5138, the first that fits. Small numbers
  /// are seconds.
  init(guessingFrom epoch: Int64) {
    switch epoch.magnitude {
    case ..<100_000_000_000: self = .second
    case ..<100_000_000_000_000: self = .millisecond
    case ..<100_000_000_000_000_000: self = .microsecond
    default: self = .nanosecond
    }
  }

  /// The unit of a symbol: s, ms, us, ns.
  package init?(symbol: some StringProtocol) {
    guard let unit = Self.allCases.first(where: { $0.symbol == symbol }) else { return nil }
    self = unit
  }
}

/// A number since 1970-01-01 as text, perhaps with a fraction (`1381118400.152`), read exactly.
enum EpochText {
  /// The count of `target` units, or nil when the text is no such number, does not fit, or would lose
  /// digits.
  static func parse(_ text: UnsafeRawBufferPointer, unit: TimeUnit, as target: TimeUnit) -> Int64? {
    guard let decimal = DecimalText(text), decimal.significandFits, decimal.exponent <= 0,
      var count = Int64(exactly: decimal.significand)
    else { return nil }
    // Each step from seconds to milliseconds and so on is three more digits.
    var missingDigits = 3 * (Int(target.rawValue) - Int(unit.rawValue)) + decimal.exponent
    while missingDigits > 0 {
      let (tenfold, overflowed) = count.multipliedReportingOverflow(by: 10)
      guard !overflowed else { return nil }
      count = tenfold
      missingDigits -= 1
    }
    while missingDigits < 0, count != 0 {
      guard count % 10 == 0 else { return nil }
      count /= 10
      missingDigits += 1
    }
    return decimal.isNegative ? -count : count
  }
}
