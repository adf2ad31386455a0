/// A second of the proleptic Gregorian calendar in UTC, for the three date formats that S3 speaks.
///
/// - Invariant: the year is 0...9999, so that every format has its fixed width.
package struct UTCTime: Hashable, Sendable {
  package let unixSeconds: Int64

  private static let secondsPerDay: Int64 = 86_400
  private static let unixSecondsRange: ClosedRange<Int64> = -62_167_219_200...253_402_300_799

  /// Seconds outside of the years 0...9999 (a broken clock) are moved to the nearest second inside.
  package init(unixSeconds: Int64) {
    self.unixSeconds = min(
      max(unixSeconds, Self.unixSecondsRange.lowerBound), Self.unixSecondsRange.upperBound)
  }

  /// Nil when the fields name no second of the calendar. A leap second counts as the second before it.
  package init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
    guard (0...9999).contains(year), (1...12).contains(month), day >= 1,
      day <= Self.dayCount(ofMonth: month, year: year), (0...23).contains(hour), (0...59).contains(minute),
      (0...60).contains(second)
    else { return nil }
    let days = Self.days(year: Int64(year), month: Int64(month), day: Int64(day))
    self.unixSeconds = days * Self.secondsPerDay + Int64(hour * 3600 + minute * 60 + min(second, 59))
  }

  private static func dayCount(ofMonth month: Int, year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return switch month {
    case 2: isLeap ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  // The year is taken to begin in March, so that the leap day is its last: then the days before a month
  // are a straight line, (153 m + 2) / 5. An era is 400 years: 146,097 days. 719,468 days lie between
  // 0000-03-01 and 1970-01-01.

  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let marchYear = month <= 2 ? year - 1 : year
    let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// Year, month and day.
  package var date: (year: Int, month: Int, day: Int) {
    let shifted = Self.floorDivide(unixSeconds, Self.secondsPerDay) + 719_468
    let era = Self.floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (Int(year), Int(month), Int(dayOfYear - (153 * marchMonth + 2) / 5 + 1))
  }

  /// Hour, minute and second of the day.
  package var time: (hour: Int, minute: Int, second: Int) {
    let second = Int(
      unixSeconds - Self.floorDivide(unixSeconds, Self.secondsPerDay) * Self.secondsPerDay)
    return (second / 3600, second / 60 % 60, second % 60)
  }

  private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
  }
}
