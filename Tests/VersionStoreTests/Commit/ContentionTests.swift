import SternaBase
import TestSupport
import Testing

@testable import VersionStore

@Suite struct ContentionTests {
  private static let attempt: Int64 = 10_000_000

  /// A ref whose newest versions were made by the given writers, so far apart.
  private func state(_ writers: [UInt64], apart: Int64 = attempt) -> RefState {
    var state = RefState(symbol: "S", writeID: UniqueID(high: 0, low: 0))
    for (number, writer) in writers.enumerated() {
      let id = UniqueID(high: writer, low: UInt64(number))
      state = state.appending(
        VersionEntry(
          number: UInt64(number), commitID: id, time: Int64(number) * apart, operation: .write, content: nil
        ),
        writeID: id)
    }
    return state
  }

  private func writers(_ state: RefState?, me: UInt64 = 1, later: Int64 = 0) -> Int {
    let now = (state?.recent.last?.time ?? 0) + later
    return Contention(on: state, writer: me, attemptNanoseconds: Self.attempt, now: now).writerCount
  }

  @Test func aWriterThatIsAloneNeverWaits() {
    #expect(writers(nil) == 1)
    #expect(writers(state([1])) == 1)
    #expect(writers(state(Array(repeating: 1, count: 30))) == 1)
  }

  @Test func othersAreCountedAndMyselfToo() {
    #expect(writers(state([1, 2, 1, 2])) == 2)
    #expect(writers(state([2, 2, 2, 2])) == 2)
    #expect(writers(state([2, 3, 4, 2, 3, 4])) == 4)
  }

  @Test func versionsLongAgoOrFarApartAreNoCompetition() {
    #expect(writers(state([1, 2, 1, 2]), later: 129 * Self.attempt) == 1)
    #expect(writers(state([1, 2, 1, 2], apart: 200 * Self.attempt), me: 2) == 1)
  }

  @Test(arguments: [4, 16, 64, 128]) func moreWritersThanEntriesAreEstimated(count: Int) {
    let seed: UInt64 = 64
    var random = SeededGenerator(seed: seed)
    var sum = 0
    for _ in 0..<200 {
      let drawn = (0..<28).map { _ in UInt64.random(in: 1...UInt64(count), using: &random) }
      sum += writers(state(drawn), me: drawn[0])
    }
    let mean = Double(sum) / 200
    #expect(mean > Double(count) * 0.5 && mean < Double(count) * 3, "\(mean), seed \(seed)")
  }

  @Test func aClockThatIsOffChangesPausesOnly() {
    let contended = state([1, 2, 1, 2])
    #expect(writers(contended, later: -1 << 50) == 2)
    #expect(writers(contended, later: 1 << 50) == 1)
  }

  @Test func whoLosesARaceWaitsAlsoWhenTheWinnerIsNotToBeSeen() {
    let contention = Contention(on: nil, writer: 1, attemptNanoseconds: Self.attempt, now: 0)
    #expect(!contention.hasOthers)
    #expect(contention.pauseNanosecondsBound(afterLosses: 1) == 2 * Self.attempt)
  }

  @Test func badLuckInARowShortensThePauseButNotBelowTwoAttempts() {
    let contention = Contention(
      on: state((0..<28).map { $0 }), writer: 1, attemptNanoseconds: Self.attempt,
      now: 27 * Self.attempt)
    let bounds = [1, 4, 8, 1_000].map { contention.pauseNanosecondsBound(afterLosses: $0) }
    #expect(bounds[0] == contention.pauseNanosecondsBound)
    #expect(zip(bounds, bounds.dropFirst()).allSatisfy { $0 > $1 })
    #expect(bounds.allSatisfy { $0 >= 2 * Self.attempt })
  }
}
