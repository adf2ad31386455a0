/// A day of the proleptic Gregorian calendar, the one of ISO 8601 (year 0 exists; no day is missing).
///
/// - Invariant: the month has the day; `CalendarDate(daysSinceEpoch:)` and `daysSinceEpoch` are inverses.
package struct CalendarDate: Hashable, Sendable {
  package let year: Int64
  package let month: Int
  package let day: Int

  /// Years beyond these have no count of seconds in an Int64, so no instant of Sterna lies in them.
  package static let years: ClosedRange<Int64> = -292_277_026_596...292_277_026_596

  /// Nil when there is no such day.
  package init?(year: Int64, month: Int, day: Int) {
    guard Self.years.contains(year), (1...12).contains(month), day >= 1,
      day <= Self.dayCount(ofMonth: month, year: year)
    else { return nil }
    self.year = year
    self.month = month
    self.day = day
  }

  package static func isLeap(_ year: Int64) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  static func dayCount(ofMonth month: Int, year: Int64) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

// The arithmetic is Howard Hinnant's ("chrono-Compatible Low-Level Date Algorithms", days_from_civil and
// civil_from_days): a year that starts in March puts the leap day last, and eras of 400 years all have
// 146,097 days, so no table and no loop is needed.
extension CalendarDate {
  private static let daysPerEra: Int64 = 146_097
  /// From 0000-03-01 to 1970-01-01.
  private static let daysToEpoch: Int64 = 719_468

  /// Days from 1970-01-01 to this one.
  package var daysSinceEpoch: Int64 {
    let marchYear = month <= 2 ? year - 1 : year
    let era = marchYear.flooredQuotient(by: 400)
    let yearOfEra = marchYear - era * 400
    let dayOfYear = Int64((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1)
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * Self.daysPerEra + dayOfEra - Self.daysToEpoch
  }

  /// - Precondition: the day lies in one of `years`, as every count of whole days in an Int64 of seconds
  ///   does.
  package init(daysSinceEpoch days: Int64) {
    let shifted = days + Self.daysToEpoch
    let era = shifted.flooredQuotient(by: Self.daysPerEra)
    let dayOfEra = shifted - era * Self.daysPerEra
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = Int(5 * dayOfYear + 2) / 153
    day = Int(dayOfYear) - (153 * marchMonth + 2) / 5 + 1
    month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }
}

extension Int64 {
  /// The quotient rounded towards negative infinity: instants before 1970 belong to the day they are in.
  package func flooredQuotient(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }

  /// `self * factor + rest`, or nil when that does not fit.
  func scaled(by factor: Int64, adding rest: Int64) -> Int64? {
    // Below zero the product can pass the limit although the sum does not: step one towards zero.
    let step: Int64 = self < 0 ? 1 : 0
    let (product, overflowed) = (self + step).multipliedReportingOverflow(by: factor)
    let (sum, overflowedSum) = product.addingReportingOverflow(rest - step * factor)
    return overflowed || overflowedSum ? nil : sum
  }
}
