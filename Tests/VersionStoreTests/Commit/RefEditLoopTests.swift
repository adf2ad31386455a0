import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import VersionStore

/// Edits that make no version: what is said of them when nobody can tell what became of them.
@Suite struct RefEditLoopTests {
  private let library = SimulatedLibrary()
  private let faults: FaultInjectingObjectStore
  private let client: SymbolStore

  init() async throws {
    faults = FaultInjectingObjectStore(library.memory)
    client = library.client(through: faults)
    for start in [0, 100, 200] as [Int64] { try await client.write("S", from: start) }
  }

  private func prune() async -> SternaError? {
    do {
      try await client.prune("S", keepingLatest: 1)
      return nil
    } catch {
      return SternaError(wrapping: error)
    }
  }

  private func liveVersions() async throws -> [UInt64] {
    try await library.client(seed: 9).versions(of: "S").filter(\.isLive).map(\.number)
  }

  @Test func aLostAnswerIsSettledByReading() async throws {
    faults.add(FaultRule(.loseAnswer(), verbs: [.put], on: .nth(1)))
    #expect(await prune() == nil)
    #expect(try await liveVersions() == [2])
  }

  @Test func aLostAnswerThatCannotBeSettledIsUnknown() async throws {
    faults.add(FaultRule(.loseAnswer(), verbs: [.put]))
    faults.add(FaultRule(.failBefore(), verbs: [.get], on: .nth(2)))
    let error = await prune()
    #expect(error?.code == .commitStateUnknown)
    #expect(error?.mayHaveBeenApplied == true)
    faults.removeAllRules()
    #expect(try await liveVersions() == [2])
    #expect(await prune() == nil)
  }

  @Test func aRefusalBehindARequestThatMayStillArriveIsUnknown() async throws {
    faults.add(FaultRule(.deliverLate(), verbs: [.put], on: .nth(1)))
    let denied = SternaError(.accessDenied, "not any more")
    faults.add(FaultRule(.failBefore(denied), verbs: [.put], on: .nth(2)))
    #expect(await prune()?.code == .commitStateUnknown)
    await faults.deliverLateRequests()
    #expect(try await liveVersions() == [2])
  }

  @Test func aRefusalOfARequestThatWasNeverInDoubtIsTheAnswer() async throws {
    let denied = SternaError(.accessDenied, "no")
    faults.add(FaultRule(.failBefore(denied), verbs: [.put]))
    #expect(await prune()?.code == .accessDenied)
    #expect(try await liveVersions() == [2, 1, 0])
  }

  @Test func aCancelledCallerLearnsWhatHappened() async throws {
    faults.add(FaultRule(.loseAnswer(), verbs: [.put], on: .nth(1)))
    let task = Task { () -> SternaError? in
      // Cancelled from the start, but for the look before anything is sent.
      await prune()
    }
    task.cancel()
    let error = await task.value
    let live = try await liveVersions()
    #expect(error == nil ? live == [2] : error?.code == .cancelled && live == [2, 1, 0])
  }
}
