import SternaBase
import Testing

@Suite struct CalendarDateTests {
  /// Walks the calendar day by day, so that the formulas are held against plain counting.
  @Test func everyDayFrom1600To2400ComesInOrderAndBackFromItsNumber() throws {
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    var days: Int64 = -135_140  // 1600-01-01
    var mismatches = 0
    for year in Int64(1600)...2400 {
      for month in 1...12 {
        let length = lengths[month - 1] + (month == 2 && CalendarDate.isLeap(year) ? 1 : 0)
        for day in 1...length {
          let date = try #require(CalendarDate(year: year, month: month, day: day))
          if date.daysSinceEpoch != days || CalendarDate(daysSinceEpoch: days) != date { mismatches += 1 }
          days += 1
        }
        if CalendarDate(year: year, month: month, day: length + 1) != nil { mismatches += 1 }
      }
    }
    #expect(mismatches == 0)
    #expect(CalendarDate(year: 2400, month: 12, day: 31)?.daysSinceEpoch == days - 1)
  }

  @Test func knownDaysHaveTheirNumbers() {
    #expect(CalendarDate(year: 1970, month: 1, day: 1)?.daysSinceEpoch == 0)
    #expect(CalendarDate(year: 2000, month: 3, day: 1)?.daysSinceEpoch == 11_017)
    #expect(CalendarDate(year: 1, month: 1, day: 1)?.daysSinceEpoch == -719_162)
    #expect(CalendarDate(year: 9999, month: 12, day: 31)?.daysSinceEpoch == 2_932_896)
  }

  @Test(arguments: [(1900, false), (2000, true), (2004, true), (2013, false), (2100, false), (-4, true)])
  func leapDaysExistOnlyInLeapYears(year: Int, isLeap: Bool) {
    #expect((CalendarDate(year: Int64(year), month: 2, day: 29) != nil) == isLeap)
  }

  @Test(arguments: [(0, 1), (13, 1), (-1, 1), (1, 0), (1, 32), (4, 31), (1, Int.max), (Int.min, 1)])
  func daysThatDoNotExistAreRefused(month: Int, day: Int) {
    #expect(CalendarDate(year: 2013, month: month, day: day) == nil)
  }

  @Test func everyDayThatAnInt64OfSecondsReachesComesBack() {
    for days in [Int64.min / 86_400 - 1, Int64.max / 86_400, -719_468, -719_469, 1_000_000_000] {
      #expect(CalendarDate(daysSinceEpoch: days).daysSinceEpoch == days)
    }
  }
}
