import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import VersionStore

/// One client's operation, cut before each of its requests in turn, with whole operations of others in the
/// gap. Whatever the order: nothing that can be read is ever deleted.
@Suite struct CollectorInterleavingTests {
  /// Three versions of one symbol; the second repeats the rows of the first, so that equal blocks are
  /// written, deleted and written again.
  private static func makeLibrary() async throws -> SimulatedLibrary {
    let library = SimulatedLibrary()
    let client = library.client()
    try await client.write("A", from: 0)
    try await client.write("A", from: 100)
    try await client.write("A", from: 200)
    return library
  }

  /// Runs `operation` as often as it has requests, with `interruption` before another one each time, and
  /// `check` behind it. Both are given clients of their own.
  private func interleave(
    _ operation: @Sendable (SymbolStore) async throws -> Void,
    with interruption: @escaping @Sendable (SymbolStore) async throws -> Void,
    check: (SymbolStore, _ error: SternaError?, Comment) async throws -> Void
  ) async throws {
    var ordinal = 0
    while true {
      ordinal += 1
      let library = try await Self.makeLibrary()
      let other = library.client(seed: 21)
      let store = InterleavingObjectStore(library.memory, before: ordinal) { try await interruption(other) }
      var failure: SternaError?
      do {
        try await operation(library.client(seed: 22, through: store))
      } catch {
        failure = SternaError(wrapping: error)
      }
      guard store.hasInterrupted else { break }
      let comment: Comment = "interrupted before request \(ordinal)"
      let report = try await library.client(seed: 23).verify(depth: .data)
      #expect(report.problems == [], comment)
      try await check(library.client(seed: 24), failure, comment)
    }
    #expect(ordinal > 2, "too few requests to interrupt")
  }

  @Test func aStalledWriterUploadsAgainUnderTheNewEpoch() async throws {
    // It writes rows that are garbage by the time it goes on.
    try await interleave {
      try await $0.write("A", from: 0)
    } with: { other in
      try await other.deleteVersions("A", [0])
      _ = try await other.collect("A")
    } check: { client, error, comment async throws in
      #expect(error == nil, comment)
      #expect(try await client.values("A") == Array(0..<20), comment)
    }
  }

  @Test func aStalledStreamFailsAndLeavesNothing() async throws {
    try await interleave {
      _ = try await $0.write("A", FrameSource(try SymbolStore.frame(from: 0, count: 20)))
    } with: { other in
      try await other.deleteVersions("A", [0])
      _ = try await other.collect("A")
    } check: { client, error, comment async throws in
      let expected = error == nil ? Array(0..<20) : Array(200..<220)
      #expect(error == nil || error?.code == .conflict, comment)
      #expect(try await client.values("A") == expected.map { Int64($0) }, comment)
    }
  }

  @Test func aStalledAppendKeepsWhatItSharesWithItsBase() async throws {
    try await interleave {
      try await $0.append("A", from: 300, count: 9)
    } with: { other in
      try await other.deleteVersions("A", [0, 1])
      _ = try await other.collect("A")
    } check: { client, error, comment async throws in
      #expect(error == nil, comment)
      #expect(try await client.values("A") == Array(200..<220) + Array(300..<309), comment)
    }
  }

  @Test func anAppendWhoseBaseWasPrunedDoesNotBringItBack() async throws {
    try await interleave {
      try await $0.append("A", from: 300)
    } with: { other in
      try await other.deleteVersions("A", [2])
      _ = try await other.collect("A")
    } check: { client, error, comment async throws in
      guard error == nil else { return }
      let values = try await client.values("A")
      let found = [Array(200..<220), Array(100..<120)].contains { $0 + [300] == values }
      #expect(found, comment)
    }
  }

  @Test func aWriterMayBringBackWhatIsBeingDeleted() async throws {
    try await interleave {
      try await $0.deleteVersions("A", [0])
      _ = try await $0.collect("A")
    } with: { other in
      try await other.write("A", from: 0)
    } check: { client, _, comment async throws in
      #expect(try await client.values("A") == Array(0..<20), comment)
    }
  }

  @Test func aFirstWriteDuringACollectionStays() async throws {
    try await interleave {
      _ = try await $0.collect("N")
    } with: { other in
      try await other.write("N", from: 0)
    } check: { client, error, comment async throws in
      #expect(error == nil, comment)
      #expect(try await client.values("N") == Array(0..<20), comment)
    }
  }

  @Test func twoCollectorsDoNoHarm() async throws {
    try await interleave {
      try await $0.deleteVersions("A", [0, 1])
      _ = try await $0.collect("A")
    } with: { other in
      _ = try await other.collect("A")
    } check: { client, _, comment async throws in
      #expect(try await client.values("A") == Array(200..<220), comment)
      _ = try await client.collect("A")
      let report = try await client.verify()
      #expect(report.unreferencedBlockCount == 0, comment)
    }
  }

  @Test func aSnapshotMadeDuringACollectionIsKeptOrNeverWasThere() async throws {
    try await interleave {
      _ = try await $0.collect("A")
    } with: { other in
      try await other.createSnapshot("s", versions: ["A": .number(0)])
      try await other.deleteVersions("A", [0, 1])
    } check: { client, error, comment async throws in
      #expect(error == nil, comment)
      #expect(try await client.values("A", .snapshot("s")) == Array(0..<20), comment)
      _ = try await client.collect("A")
      #expect(try await client.values("A", .snapshot("s")) == Array(0..<20), comment)
    }
  }

  @Test func aSnapshotOfWhatWasGarbageAMomentAgoIsKept() async throws {
    try await interleave {
      try await $0.deleteVersions("A", [0])
      _ = try await $0.collect("A")
    } with: { other in
      // The very blocks that are about to be deleted, and only the snapshot still leads to them.
      let version = try await other.write("A", from: 0).number
      try await other.createSnapshot("s")
      try await other.deleteVersions("A", [version])
    } check: { client, _, comment async throws in
      #expect(try await client.values("A", .snapshot("s")) == Array(0..<20), comment)
      _ = try await client.collect("A")
      #expect(try await client.values("A", .snapshot("s")) == Array(0..<20), comment)
    }
  }

  @Test func aSnapshotOfAVersionThatIsPrunedMeanwhileIsKeptOrWithdrawn() async throws {
    try await interleave {
      try await $0.createSnapshot("s", versions: ["A": .number(0)])
    } with: { other in
      try await other.deleteVersions("A", [0, 1])
      _ = try await other.collect("A")
    } check: { client, error, comment async throws in
      if error == nil {
        #expect(try await client.values("A", .snapshot("s")) == Array(0..<20), comment)
      } else {
        #expect(try await client.listSnapshots(phases: [.live, .pending]).isEmpty, comment)
        #expect([.conflict, .versionPruned].contains(error?.code), comment)
      }
    }
  }

  @Test func aSnapshotDeletedMeanwhileLeavesNoDanglingOne() async throws {
    try await interleave {
      try await $0.createSnapshot("s", versions: ["A": .number(0)])
    } with: { other in
      try? await other.deleteSnapshot("s")
      try await other.deleteVersions("A", [0])
      _ = try await other.collect("A")
    } check: { client, error, comment async throws in
      if try await client.listSnapshots().map(\.name) == ["s"] {
        #expect(try await client.values("A", .snapshot("s")) == Array(0..<20), comment)
        #expect(error == nil, comment)
      }
    }
  }

  @Test func aVersionIsRestoredWholeOrNotAtAll() async throws {
    try await interleave {
      _ = try await $0.restore("A", .number(0))
    } with: { other in
      try await other.deleteVersions("A", [0])
      _ = try await other.collect("A")
    } check: { client, error, comment async throws in
      let expected = error == nil ? Array(0..<20) : Array(200..<220)
      #expect(error == nil || error?.code == .versionPruned, comment)
      #expect(try await client.values("A") == expected.map { Int64($0) }, comment)
    }
  }

  @Test func aStalledUpdateSharesOnlyWhatIsThere() async throws {
    try await interleave {
      _ = try await $0.update("A", SymbolStore.frame(from: 205, count: 2), range: 203...210)
    } with: { other in
      try await other.deleteVersions("A", [0, 1])
      _ = try await other.collect("A")
    } check: { client, error, comment async throws in
      let expected = Array(200..<203) + [205, 206] + Array(211..<220)
      #expect(error == nil, comment)
      #expect(try await client.values("A") == expected.map { Int64($0) }, comment)
    }
  }

  @Test func aReaderOfAPrunedVersionIsToldSo() async throws {
    try await interleave { reader in
      let values = try await reader.values("A", .number(0))
      #expect(values == Array(0..<20))
    } with: { other in
      try await other.deleteVersions("A", [0])
      _ = try await other.collect("A")
    } check: { client, error, comment async throws in
      if let error { #expect(error.code == .versionPruned, comment) }
      #expect(try await client.values("A") == Array(200..<220), comment)
    }
  }
}
