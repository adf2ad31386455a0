import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import VersionStore

/// What a token tells, long after its writer is gone.
@Suite struct CommitResolverTests {
  private let library = SimulatedLibrary()
  private let symbol = "S/ü"

  /// A write whose every answer is lost from its first conditional put on.
  private func commitUnknown(_ fault: FaultRule.Fault) async throws -> (
    CommitToken, FaultInjectingObjectStore
  ) {
    let faults = FaultInjectingObjectStore(
      library.memory,
      rules: [
        FaultRule(fault, verbs: [.put], keys: .beginning("refs/"), on: .first(1)),
        // What comes behind the put: nobody can settle it.
        FaultRule(.failBefore(), verbs: [.get], keys: .beginning("refs/"), on: .from(2)),
      ])
    do {
      try await library.client(seed: 5, through: faults).write(symbol, from: 50, count: 3)
      throw SternaError(.unavailable, "the commit was not unknown")
    } catch let error as SternaError where error.code == .commitStateUnknown {
      let text = try #require(error.commitToken)
      return (try CommitToken(text: text), faults)
    }
  }

  @Test func aCommitThatTookEffectIsFoundByAnyProcess() async throws {
    let (token, _) = try await commitUnknown(.loseAnswer())
    for number in Int64(0)..<70 {
      try await library.client(seed: 6).write(symbol, from: number, count: 1)
    }
    for _ in 0..<2 {
      let outcome = try await library.client(seed: 7).resolve(token)
      guard case .committed(let entry) = outcome else {
        Issue.record("\(outcome)")
        return
      }
      #expect(entry.number == token.version && entry.commitID == token.commitID)
    }
  }

  @Test func aCommitThatDidNotLandIsShutOutForEver() async throws {
    try await library.client(seed: 1).write(symbol, from: 0, count: 2)
    let (token, faults) = try await commitUnknown(.deliverLate())
    #expect(faults.lateRequestCount == 1)
    #expect(try await library.client(seed: 7).resolve(token) == .notCommitted)
    await faults.deliverLateRequests()
    let client = library.client(seed: 8)
    #expect(try await client.values(symbol) == [0, 1])
    #expect(try await client.resolve(token) == .notCommitted)
    try await client.write(symbol, from: 7, count: 1)
    #expect(try await client.resolve(token) == .notCommitted)
  }

  @Test func aSymbolThatWasNeverThereStaysAway() async throws {
    let (token, faults) = try await commitUnknown(.deliverLate())
    #expect(try await library.client(seed: 7).resolve(token) == .notCommitted)
    await faults.deliverLateRequests()
    #expect(try await library.client(seed: 8).symbols().isEmpty)
  }

  @Test func aFenceWhoseAnswerIsLostIsSettledByReading() async throws {
    try await library.client(seed: 1).write(symbol, from: 0, count: 2)
    let (token, late) = try await commitUnknown(.deliverLate())
    let faults = FaultInjectingObjectStore(
      library.memory, rules: [FaultRule(.loseAnswer(), verbs: [.put], on: .first(1))])
    #expect(try await library.client(seed: 7, through: faults).resolve(token) == .notCommitted)
    #expect(faults.injectedCount == 1)
    await late.deliverLateRequests()
    #expect(try await library.client(seed: 8).values(symbol) == [0, 1])
  }

  @Test func aCommitThatLandsWhileItIsSettledIsFound() async throws {
    try await library.client(seed: 1).write(symbol, from: 0, count: 2)
    let (token, faults) = try await commitUnknown(.deliverLate())
    // Between the resolver's read and its fence.
    let objects = InterleavingObjectStore(library.memory, before: 2) { await faults.deliverLateRequests() }
    guard case .committed = try await library.client(seed: 7, through: objects).resolve(token) else {
      Issue.record("a commit that landed was not found")
      return
    }
    #expect(try await library.client(seed: 8).values(symbol) == [50, 51, 52])
  }

  @Test func tokensAreText() throws {
    let token = CommitToken(symbol: "a.b/ü", version: 12, commitID: UniqueID(high: 3, low: 4))
    #expect(try CommitToken(text: token.text) == token)
    for wrong in ["", "1.2.3", "\(token.commitID.hex).x.S", "\(token.commitID.hex).\(UInt64.max).S"] {
      #expect(throws: SternaError.self) { try CommitToken(text: wrong) }
    }
  }
}
