internal import SternaBase

/// A second in UTC, for the three date formats that S3 speaks.
///
/// - Invariant: the year is 0...9999, so that every format has its fixed width.
package struct UTCTime: Hashable, Sendable {
  package let unixSeconds: Int64

  private static let unixSecondsRange: ClosedRange<Int64> = -62_167_219_200...253_402_300_799

  /// Seconds outside of the years 0...9999 (a broken clock) are moved to the nearest second inside.
  package init(unixSeconds: Int64) {
    self.unixSeconds = min(
      max(unixSeconds, Self.unixSecondsRange.lowerBound), Self.unixSecondsRange.upperBound)
  }

  /// Nil when the fields name no second of the calendar. A leap second counts as the second before it.
  package init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
    guard (0...9999).contains(year), let date = CalendarDate(year: Int64(year), month: month, day: day),
      (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
    else { return nil }
    self.unixSeconds =
      date.daysSinceEpoch * TimestampText.secondsPerDay
      + Int64(hour * 3600 + minute * 60 + min(second, 59))
  }
}
