import ObjectStore
import SternaBase
import TestSupport
import Testing

/// Row 11 of the catalogue of faults: a store that asks for less load.
@Suite(.timeLimit(.minutes(10))) struct PaceTests {
  private let queue = AdmissionQueue(requestCountMax: 16, byteCountMax: 1 << 20)

  /// Requests at once.
  private func run(_ count: Int, failing error: SternaError? = nil) async {
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<count {
        group.addTask { [queue] in
          try? await queue.run(.init(byteCount: 1)) {
            await Task.yield()
            if let error { throw error }
          }
        }
      }
    }
  }

  @Test func aWishForLessLoadHalvesWhatIsUnderWayOnceForAllWhoHeardIt() async {
    await run(1, failing: .injectedThrottle)
    #expect(queue.pace == 8)
    await run(1, failing: .injectedThrottle)
    #expect(queue.pace == 4)
    for _ in 0..<10 { await run(1, failing: .injectedThrottle) }
    #expect(queue.pace == 1)
  }

  @Test func answersWithoutSuchAWishBringThePaceBack() async {
    for _ in 0..<3 { await run(1, failing: .injectedThrottle) }
    #expect(queue.pace == 2)
    await run(2)
    #expect(queue.pace == 3)
    await run(500)
    #expect(queue.pace == 16)
    // And never above what was allowed.
    await run(100)
    #expect(queue.pace == 16)
  }

  @Test func otherFailuresDoNotSlowItDown() async {
    await run(20, failing: .injectedFailure)
    #expect(queue.pace == 16)
  }

  @Test func aQueueThatWasSlowedDownLosesNoWorkAndNoRoom() async {
    for _ in 0..<5 {
      await run(40, failing: .injectedThrottle)
      await run(400)
    }
    #expect(queue.waitingCount == 0)
    #expect(queue.pace > 8)
  }
}
