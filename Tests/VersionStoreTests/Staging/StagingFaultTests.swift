import Columnar
import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import VersionStore

/// Staging among collectors, lost answers and processes that die, at every request.
@Suite struct StagingFaultTests {
  private static let requestCountMax = 200

  private func frame() throws -> DataFrame { try SymbolStore.frame(from: 100, count: 10) }

  /// A library whose symbol has a version.
  private func makeLibrary() async throws -> SimulatedLibrary {
    let library = SimulatedLibrary()
    try await library.client(seed: 90).write("S", from: 0, count: 10)
    return library
  }

  /// A collection that has something to do, so that it raises the epoch.
  private static func collect(_ library: SimulatedLibrary) async throws {
    let client = library.client(seed: 77)
    let orphan = PendingBlock(kind: .segment, epoch: 0, bytes: [1, 2, 3])
    try await client.blocks(of: try ObjectName("S", subject: "symbol")).put(orphan)
    _ = try await client.collect("S")
  }

  @Test func aCollectionBeforeAnyRequestOfStageLosesNothing() async throws {
    for ordinal in 1...Self.requestCountMax {
      let library = try await makeLibrary()
      let objects = InterleavingObjectStore(library.memory, before: ordinal) {
        try await Self.collect(library)
      }
      let token = try await library.client(seed: 1, through: objects).stage("S", try frame()).token
      try await Self.collect(library)
      try await library.client(seed: 2).commitStaged("S", [token], as: .append)
      #expect(try await library.client(seed: 3).values("S").suffix(10) == Array(100..<110)[...])
      #expect(try await library.client(seed: 3).verify().isClean, "before request \(ordinal)")
      if !objects.hasInterrupted { return }
    }
    Issue.record("stage makes more than \(Self.requestCountMax) requests")
  }

  @Test func aCollectionBeforeAnyRequestOfCommitLosesNothing() async throws {
    for ordinal in 1...Self.requestCountMax {
      let library = try await makeLibrary()
      let token = try await library.client(seed: 1).stage("S", try frame()).token
      let objects = InterleavingObjectStore(library.memory, before: ordinal) {
        try await Self.collect(library)
      }
      try await library.client(seed: 2, through: objects).commitStaged("S", [token], as: .append)
      try await Self.collect(library)
      let client = library.client(seed: 3)
      #expect(try await client.values("S") == Array(0..<10) + Array(100..<110))
      #expect(try await client.verify().isClean, "before request \(ordinal)")
      if !objects.hasInterrupted { return }
    }
    Issue.record("commit makes more than \(Self.requestCountMax) requests")
  }

  @Test func anotherCommitOfTheTokenBeforeAnyRequestTakesItInOnce() async throws {
    for ordinal in 1...Self.requestCountMax {
      let library = try await makeLibrary()
      let token = try await library.client(seed: 1).stage("S", try frame()).token
      let objects = InterleavingObjectStore(library.memory, before: ordinal) {
        _ = try? await library.client(seed: 4).commitStaged("S", [token], as: .append)
      }
      var code: SternaError.Code?
      do {
        try await library.client(seed: 2, through: objects).commitStaged("S", [token], as: .append)
      } catch {
        code = SternaError(wrapping: error).code
      }
      #expect(try await library.client(seed: 3).values("S") == Array(0..<10) + Array(100..<110))
      #expect(code == nil || code == .alreadyExists || code == .stagedPieceNotFound, "\(ordinal): \(code!)")
      if !objects.hasInterrupted { return }
    }
    Issue.record("commit makes more than \(Self.requestCountMax) requests")
  }

  /// Every request once loses its answer: whatever is reported holds, and another try does the rest.
  @Test func aLostAnswerAtAnyRequestIsReportedTruly() async throws {
    for ordinal in 1...Self.requestCountMax {
      let library = try await makeLibrary()
      let faults = FaultInjectingObjectStore(
        library.memory, rules: [FaultRule(.loseAnswer(), on: .nth(ordinal))])
      let client = library.client(seed: 1, through: faults)
      let token = await tryTwice { try await client.stage("S", try frame()).token }
      guard let token else {
        Issue.record("staging failed twice")
        return
      }
      var hasCommitted = false
      for _ in 0..<2 where !hasCommitted {
        do {
          try await client.commitStaged("S", [token], as: .append)
          hasCommitted = true
        } catch let error as SternaError {
          #expect(error.code != .alreadyExists, "the first commit was reported as failed, and was not")
        }
      }
      #expect(hasCommitted)
      #expect(try await library.client(seed: 3).values("S") == Array(0..<10) + Array(100..<110))
      try await Self.collect(library)
      #expect(try await library.client(seed: 3).verify().isClean)
      if faults.injectedCount == 0 { return }
    }
    Issue.record("more than \(Self.requestCountMax) requests")
  }

  private func tryTwice<Result>(_ work: () async throws -> Result) async -> Result? {
    if let result = try? await work() { return result }
    return try? await work()
  }

  /// The process dies before a request; nothing that it left is in anybody's way.
  @Test func aStagerThatDiesAnywhereLeavesNothingBroken() async throws {
    for ordinal in 1...Self.requestCountMax {
      let library = try await makeLibrary()
      let faults = FaultInjectingObjectStore(
        library.memory, rules: [FaultRule(.failBefore(), on: .from(ordinal))])
      let token = try? await library.client(seed: 1, through: faults).stage("S", try frame()).token
      try await Self.collect(library)
      let client = library.client(seed: 3)
      #expect(try await client.verify().isClean, "died before request \(ordinal)")
      try await client.write("S", from: 500, count: 3)
      let waiting = try await client.staged("S")
      if let token { #expect(waiting.map(\.token) == [token]) }
      #expect(waiting.count <= 1)
      if faults.injectedCount == 0 { return }
    }
    Issue.record("more than \(Self.requestCountMax) requests")
  }

  /// The epoch moves between descriptor and check; the stager dies before it can stage again.
  @Test func anAttemptThatACollectionMissedIsNoBurden() async throws {
    let library = SimulatedLibrary()
    let client = library.client(seed: 1)
    let name = try ObjectName("S", subject: "symbol")
    let piece = try await client.stage("S", try frame())
    // Its data is collected, as if the descriptor had come later than the collector's LIST.
    for key in try await library.keys("blocks/") { try await library.memory.delete(key) }
    try await library.client(seed: 2).write("S", from: 0)
    try await Self.collect(library)
    try await Self.collect(library)
    #expect(try await client.verify().isClean)
    await #expect(throws: SternaError.self) { try await client.commitStaged("S", [piece.token]) }
    #expect(try await client.abandonStaged(name.text) == 1)
  }
}
