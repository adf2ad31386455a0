import Testing

@testable import VersionStore

@Suite struct SegmentFlightTests {
  @Test func segmentsInFlightAreBoundedByCount() {
    var flight = SegmentFlight(countMax: 2, byteCountMax: 1_000)
    let started = (0..<3).map { flight.start($0, byteCount: 1) }
    #expect(started == [true, true, false])
    flight.end(0)
    let startedLater = flight.start(2, byteCount: 1)
    #expect(startedLater)
  }

  @Test func segmentsInFlightAreBoundedByBytes() {
    var flight = SegmentFlight(countMax: 10, byteCountMax: 1_000)
    let started = [(0, 600), (1, 401), (1, 400)].map { flight.start($0.0, byteCount: $0.1) }
    #expect(started == [true, false, true])
    flight.end(0)
    let startedLater = flight.start(2, byteCount: 600)
    #expect(startedLater)
  }

  @Test func oneSegmentOfAnySizeHasRoom() {
    var flight = SegmentFlight(countMax: 4, byteCountMax: 100)
    let started = [(0, 5_000), (1, 1)].map { flight.start($0.0, byteCount: $0.1) }
    #expect(started == [true, false])
    flight.end(0)
    let startedLater = flight.start(1, byteCount: 1)
    #expect(startedLater)
  }

  @Test func aSegmentThatWasCutEndsWithItsLastPart() {
    var flight = SegmentFlight(countMax: 1, byteCountMax: 100)
    var started = [flight.start(0, byteCount: 10)]
    flight.cut(0, into: 2)
    flight.endPart(of: 0)
    started.append(flight.start(1, byteCount: 1))
    flight.endPart(of: 0)
    started.append(flight.start(1, byteCount: 1))
    // Nothing to decode: it ends at once.
    flight.cut(1, into: 0)
    started.append(flight.start(2, byteCount: 1))
    #expect(started == [true, false, true, true])
  }
}
