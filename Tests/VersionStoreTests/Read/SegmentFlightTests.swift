import Testing

@testable import VersionStore

@Suite struct SegmentFlightTests {
  @Test func segmentsInFlightAreBoundedByCountAndBytes() {
    var byCount = SegmentFlight(countMax: 2, byteCountMax: 1_000)
    #expect(byCount.start(0, byteCount: 1))
    #expect(byCount.start(1, byteCount: 1))
    #expect(!byCount.start(2, byteCount: 1))
    byCount.end(0)
    #expect(byCount.start(2, byteCount: 1))

    var byBytes = SegmentFlight(countMax: 10, byteCountMax: 1_000)
    #expect(byBytes.start(0, byteCount: 600))
    #expect(!byBytes.start(1, byteCount: 401))
    #expect(byBytes.start(1, byteCount: 400))
    byBytes.end(0)
    #expect(byBytes.start(2, byteCount: 600))
  }

  @Test func oneSegmentOfAnySizeHasRoom() {
    var flight = SegmentFlight(countMax: 4, byteCountMax: 100)
    #expect(flight.start(0, byteCount: 5_000))
    #expect(!flight.start(1, byteCount: 1))
    flight.end(0)
    #expect(flight.start(1, byteCount: 1))
  }

  @Test func aSegmentThatWasCutEndsWithItsLastPart() {
    var flight = SegmentFlight(countMax: 1, byteCountMax: 100)
    #expect(flight.start(0, byteCount: 10))
    flight.cut(0, into: 2)
    flight.endPart(of: 0)
    #expect(!flight.start(1, byteCount: 1))
    flight.endPart(of: 0)
    #expect(flight.start(1, byteCount: 1))
    flight.cut(1, into: 0)
    #expect(flight.start(2, byteCount: 1))
  }
}
