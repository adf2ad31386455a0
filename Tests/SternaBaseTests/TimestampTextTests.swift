import SternaBase
import Testing

@Suite struct TimestampTextTests {
  private static let unitsPerSecond: [Int64] = [1, 1_000, 1_000_000, 1_000_000_000]

  private func nanoseconds(_ text: String) -> Int64? {
    TimestampText(parsing: text)?.count(unitsPerSecond: 1_000_000_000)
  }

  // Values from Python: datetime.fromisoformat(...).timestamp().
  @Test(arguments: [
    ("1970-01-01", 0), ("2013-10-07", 1_381_104_000_000_000_000),
    ("2013-10-07T04:00:00.464000", 1_381_118_400_464_000_000),
    ("2013-10-07 04:00:00.464", 1_381_118_400_464_000_000),
    ("2013-10-07T04:00", 1_381_118_400_000_000_000),
    ("2013-10-07T04:00:00,123456789", 1_381_118_400_123_456_789),
    ("1969-12-31T23:59:59.999999999", -1), ("2000-02-29T12:00:00", 951_825_600_000_000_000),
    ("1677-09-21T00:12:43.145224192", Int64.min), ("2262-04-11T23:47:16.854775807", Int64.max),
  ])
  func textOfALocalInstantIsItsCount(text: String, count: Int64) throws {
    let parsed = try #require(TimestampText(parsing: text))
    #expect(parsed.count(unitsPerSecond: 1_000_000_000) == count)
    #expect(!parsed.hasZone)
  }

  @Test(arguments: [
    "2013-10-07T04:00:00Z", "2013-10-07T04:00:00z", "2013-10-07T05:00:00+01:00", "2013-10-07T05:00:00+0100",
    "2013-10-07 05:00:00+01", "2013-10-06T22:30:00.000-05:30", "2013-10-07T04:00:00-00:00",
  ])
  func aZoneIsTakenOff(text: String) throws {
    let parsed = try #require(TimestampText(parsing: text))
    #expect(parsed.hasZone)
    #expect(parsed.count(unitsPerSecond: 1) == 1_381_118_400)
  }

  @Test(arguments: [
    "", "2013", "2013-10", "2013-13-01", "2013-02-29", "2013-00-10", "2013-10-7", "13-10-07", "20131007",
    "2013-10-07T", "2013-10-07T4:00", "2013-10-07T24:00:00", "2013-10-07T04:60:00", "2013-10-07T23:59:60",
    "2013-10-07T04:00:00.", "2013-10-07T04:00:00.1234567890", "2013-10-07T04:00:00+24:00",
    "2013-10-07T04:00:00+1", "2013-10-07T04:00:00+01:", "2013-10-07T04:00:00+01:60",
    "2013-10-07T04:00:00ZZ",
    "2013-10-07T04:00:00 ", " 2013-10-07", "2013-10-07Z", "2013/10/07", "2013-10-07T04:00:0é",
    "2013-10-07\u{0}",
    "+2013-10-07", "+9999999999999-01-01", "-292277026597-01-01", "+292277026596-12-31",
  ])
  func textThatIsNoInstantIsRefused(text: String) {
    #expect(TimestampText(parsing: text) == nil)
  }

  @Test func everyUnitPrintsAllItsDigits() {
    let texts = Self.unitsPerSecond.map {
      TimestampText.format(1_381_118_400 * $0, unitsPerSecond: $0, zoned: true)
    }
    #expect(
      texts == [
        "2013-10-07T04:00:00Z", "2013-10-07T04:00:00.000Z", "2013-10-07T04:00:00.000000Z",
        "2013-10-07T04:00:00.000000000Z",
      ])
    #expect(TimestampText.format(-1, unitsPerSecond: 1_000, zoned: false) == "1969-12-31T23:59:59.999")
  }

  @Test func countsThatDoNotFitOrLoseDigitsAreRefused() {
    #expect(nanoseconds("2262-04-11T23:47:16.854775808") == nil)
    #expect(nanoseconds("1677-09-21T00:12:43.145224191") == nil)
    #expect(TimestampText(parsing: "2013-10-07T04:00:00.5")?.count(unitsPerSecond: 1) == nil)
    #expect(
      TimestampText(parsing: "2013-10-07T04:00:00.5")?.count(unitsPerSecond: 1_000) == 1_381_118_400_500)
  }

  // A failure prints the text, which is all it takes to run it again.
  @Test func everyCountComesBackFromItsText() {
    for _ in 0..<2_000 {
      let shift = Int64.random(in: 0..<64)
      let count = Int64.random(in: .min ... .max) >> shift
      for units in Self.unitsPerSecond {
        for zoned in [false, true] {
          let text = TimestampText.format(count, unitsPerSecond: units, zoned: zoned)
          let parsed = TimestampText(parsing: text)
          #expect(parsed?.count(unitsPerSecond: units) == count, "\(text)")
          #expect(parsed?.hasZone == zoned, "\(text)")
        }
      }
    }
    for count in [Int64.min, .min + 1, .max, 0, -1] {
      for units in Self.unitsPerSecond {
        let text = TimestampText.format(count, unitsPerSecond: units, zoned: false)
        #expect(TimestampText(parsing: text)?.count(unitsPerSecond: units) == count, "\(text)")
      }
    }
  }
}

@Suite struct DateAndDurationTextTests {
  private func duration(_ text: String, unitsPerSecond: Int64 = 1_000_000_000) -> Int64? {
    Array(text.utf8).withUnsafeBytes { DurationText.parse($0, unitsPerSecond: unitsPerSecond) }
  }

  private func format(_ count: Int64, unitsPerSecond: Int64) -> String {
    var output: [UInt8] = []
    DurationText.append(count, unitsPerSecond: unitsPerSecond, to: &output)
    return String(decoding: output, as: UTF8.self)
  }

  @Test func everyDateOfAnInt32ComesBack() {
    for days in [Int32.min, .max, 0, -1, -719_528, -719_529, 2_932_896, 2_932_897, 15_985] {
      var output: [UInt8] = []
      DateText.append(daysSinceEpoch: Int64(days), to: &output)
      #expect(output.withUnsafeBytes { DateText.parse($0) } == Int64(days))
    }
    #expect(Array("2013-10-07T".utf8).withUnsafeBytes { DateText.parse($0) } == nil)
  }

  @Test(arguments: [
    (0, "PT0S"), (1_500, "PT1.5S"), (-1_500, "-PT1.5S"), (86_400_000, "P1D"),
    (90_061_001, "P1DT1H1M1.001S"),
    (60_000, "PT1M"), (-1, "-PT0.001S"), (86_400_001, "P1DT0.001S"),
  ])
  func durationsPrintOnlyTheirParts(milliseconds: Int64, text: String) {
    #expect(format(milliseconds, unitsPerSecond: 1_000) == text)
    #expect(duration(text, unitsPerSecond: 1_000) == milliseconds)
  }

  @Test(arguments: [
    "", "P", "PT", "-P", "P1", "1D", "P1DT", "P1H", "PT1D", "P1Y", "PT1S1M", "PT1M1M", "P1.5D", "PT1.S",
    "PT.5S",
    "PT1S ", "PT9223372036854775808S", "P106751991167301D", "PT1.0000000001S", "--PT1S",
  ])
  func textThatIsNoDurationIsRefused(text: String) {
    #expect(duration(text, unitsPerSecond: 1) == nil)
  }

  @Test func everyDurationComesBackFromItsText() {
    var counts: [Int64] = [.min, .min + 1, .max, 0, -1]
    for shift in Int64(0)..<64 {
      counts.append(Int64.random(in: .min ... .max) >> shift)
    }
    for count in counts {
      for units in [Int64(1), 1_000, 1_000_000, 1_000_000_000] {
        let text = format(count, unitsPerSecond: units)
        #expect(duration(text, unitsPerSecond: units) == count, "\(text)")
      }
    }
  }
}
