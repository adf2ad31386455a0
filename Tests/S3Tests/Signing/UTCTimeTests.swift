import Testing

@testable import S3

@Suite struct UTCTimeTests {
  @Test(
    arguments: [
      (0, "19700101T000000Z"), (1_369_353_600, "20130524T000000Z"), (951_782_399, "20000228T235959Z"),
      (951_782_400, "20000229T000000Z"), (951_868_800, "20000301T000000Z"), (-1, "19691231T235959Z"),
      (4_107_542_400, "21000301T000000Z"), (4_107_456_000, "21000228T000000Z"),
      (253_402_300_799, "99991231T235959Z"),
      (-62_167_219_200, "00000101T000000Z"), (.max, "99991231T235959Z"), (.min, "00000101T000000Z"),
    ] as [(Int64, String)])
  func secondsAreDatesOfTheCalendar(seconds: Int64, text: String) {
    #expect(UTCTime(unixSeconds: seconds).basicFormat == text)
  }

  @Test func datesThatDoNotExistAreNone() {
    for (year, month, day) in [
      (2023, 2, 29), (1900, 2, 29), (2024, 4, 31), (2024, 13, 1), (2024, 0, 1), (2024, 1, 0),
      (10_000, 1, 1),
    ] {
      #expect(UTCTime(year: year, month: month, day: day, hour: 0, minute: 0, second: 0) == nil)
    }
    #expect(UTCTime(year: 2000, month: 2, day: 29, hour: 24, minute: 0, second: 0) == nil)
    #expect(
      UTCTime(year: 2000, month: 2, day: 29, hour: 23, minute: 59, second: 60)?.basicFormat
        == "20000229T235959Z")
  }

  @Test func theDateHeaderIsRead() {
    #expect(UTCTime(httpDate: "Fri, 24 May 2013 00:00:01 GMT")?.unixSeconds == 1_369_353_601)
    for text in [
      "", "Fri, 24 May 2013 00:00:01", "Fri, 24 Foo 2013 00:00:01 GMT", "24 May 2013 00:00:01 GMT",
      "Fri, 24 May 2013 00:00:01 PST",
    ] {
      #expect(UTCTime(httpDate: text) == nil)
    }
  }

  @Test(arguments: [
    "2013-05-24T00:00:00Z", "2013-05-24T00:00:00.999999999Z", "2013-05-24T02:00:00+02:00",
    "2013-05-23T19:30:00-0430",
    "2013-05-24 00:00:00Z",
  ])
  func timesOfExpiryAreRead(text: String) {
    #expect(UTCTime(iso8601: text)?.unixSeconds == 1_369_353_600)
  }

  @Test(arguments: [
    "", "2013", "2013-05-24", "2013-05-24T00:00:00", "2013-05-24T00:00:00.Z", "2013-5-24T00:00:00Z",
    "2013-05-24T00:00:00Zx",
    "2013-05-24T00:00:00+2", "2013-05-24T00:00:00+24:00", "2013-02-30T00:00:00Z", "+013-05-24T00:00:00Z",
  ])
  func timesOfExpiryThatMeanNothingAreNone(text: String) {
    #expect(UTCTime(iso8601: text) == nil)
  }
}
