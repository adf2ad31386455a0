import Columnar
import SternaBase
import Testing

@testable import Sterna

@Suite struct TimestampTests {
  @Test func timesBeyondTheEndOfTimeAreItsEnd() {
    let (first, last) = (Timestamp.distantPast, Timestamp.distantFuture)
    #expect(last + .seconds(1) == last && first - .seconds(1) == first)
    #expect(last.nanosecondsSinceEpoch == .max && first.nanosecondsSinceEpoch == .min)
    #expect(last + .seconds(Int64.max) == last && first - .seconds(Int64.max) == first)
    #expect((first + .seconds(1)) - .seconds(1) == first)
    #expect(("2013-10-07" as Timestamp) + .milliseconds(1_500) == "2013-10-07T00:00:01.5")
  }

  @Test func instantsAreInOrderAndWrittenAsTheyAreRead() throws {
    let texts = [
      "0001-01-01T00:00:00.000000000Z", "1677-09-21T00:12:43.145224191Z", "1969-12-31T23:59:59.999999999Z",
      "1970-01-01T00:00:00.000000000Z", "2013-10-07T09:30:00.464000001Z", "9999-12-31T23:59:59.999999999Z",
    ]
    let instants = try texts.map { try #require(Timestamp($0)) }
    #expect(instants.map(\.description) == texts)
    #expect(instants == instants.sorted() && Set(instants).count == texts.count)
    #expect(instants[2].nanosecondsSinceEpoch == -1 && instants[2].nanosecondOfSecond == 999_999_999)
    #expect(Timestamp(nanosecondsSinceEpoch: -1) == instants[2])
    for count in [Int64.min, -1_000_000_000, -1, 0, 1, .max] {
      #expect(Timestamp(nanosecondsSinceEpoch: count).nanosecondsSinceEpoch == count)
    }
  }

  /// Every range of nanoseconds around the first microseconds, against the values themselves.
  @Test func aRangeHoldsTheUnitsThatLieInIt() {
    let bounds = (-2_002...2_002).filter { [0, 1, 2, 998, 999].contains(abs($0) % 1_000) }
    for first in bounds {
      for last in bounds where first <= last {
        let range =
          Timestamp(nanosecondsSinceEpoch: Int64(first))...Timestamp(nanosecondsSinceEpoch: Int64(last))
        let found = Timestamp.indexRange(range, of: .timestamp(.microsecond, zone: nil))
        let expected = (Int64(-5)...5).filter { Int64(first) <= $0 * 1_000 && $0 * 1_000 <= Int64(last) }
        #expect(found.map { Array($0) } ?? [] == expected, "\(first)...\(last)")
      }
    }
  }

  @Test(arguments: [TimeUnit.second, .millisecond, .microsecond, .nanosecond])
  func openRangesHoldAllValues(_ unit: TimeUnit) {
    let open = Timestamp.distantPast...Timestamp.distantFuture
    #expect(Timestamp.indexRange(open, of: .timestamp(unit, zone: "UTC")) == .min ... .max)
    #expect(Timestamp.indexRange(open, of: .date)?.contains(0) == true)
    #expect(Timestamp.indexRange(open, of: .int64) == nil)
    let far: ClosedRange<Timestamp> = "9998-01-01"..."9999-12-31"
    // 64 bits of nanoseconds end in 2262.
    #expect((Timestamp.indexRange(far, of: .timestamp(unit, zone: nil)) == nil) == (unit == .nanosecond))
  }

  @Test func yearsThatNanosecondsDoNotReachAreReadAndDeletedByTime() async throws {
    let library = try await Store.open("memory://timestamp-tests").library("far", create: true)
    let seconds = ["1600-01-01", "2013-10-07", "9999-01-01"].map { Timestamp($0)!.secondsSinceEpoch }
    let frame = try DataFrame(
      [("time", .timestamps(seconds, unit: .second)), ("row", .int64s([1, 2, 3]))], index: "time")
    try await library.write("SPY", frame)
    func rows(_ time: ClosedRange<Timestamp>) async throws -> Column? {
      try await library.read("SPY", time: time).frame["row"]
    }
    #expect(try await rows(.distantPast..."2013-10-07") == .int64s([1, 2]))
    #expect(try await rows("2013-10-07" ... .distantFuture) == .int64s([2, 3]))
    #expect(try await rows("1700-01-01"..."9998-12-31") == .int64s([2]))
    try await library.deleteRows(of: "SPY", time: "2013-10-08" ... .distantFuture)
    #expect(try await rows(.distantPast ... .distantFuture) == .int64s([1, 2]))
  }
}
