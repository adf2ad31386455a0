import Columnar
import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import VersionStore

/// Tails between several clients, snapshots and collectors.
@Suite struct TailSharingTests {
  private let library = SimulatedLibrary()
  private static let eager = TailLimits(rowCountMax: 8, smallByteCountMax: 0, idleByteCountMax: 0)

  private func client(_ seed: UInt64 = 1, through objects: (any ObjectStore)? = nil) -> SymbolStore {
    library.client(seed: seed, through: objects, rowsPerSlice: 64, tail: Self.eager)
  }

  private func expectClean() async throws {
    let report = try await client(99).verify(depth: .data)
    #expect(report.isClean, "\(report.problems)")
  }

  @Test func anAppendRebasesOnATailThatAnotherFlushed() async throws {
    let first = client(1)
    let second = client(2)
    for start in 0..<7 as Range<Int64> { try await first.append("A", from: start) }
    // The second's append is one too many for the tail; the first remembers the tail as it was.
    try await second.append("A", from: 7, count: 3)
    #expect(try await second.version("A").content.tail == nil)
    try await first.append("A", from: 10)
    #expect(try await first.values("A") == Array(0..<11))
    for version in 0..<7 as Range<Int64> {
      #expect(try await second.values("A", .number(version)) == Array(0...version))
    }
    try await expectClean()
  }

  @Test func aFlushWhoseAnswerIsLostHappensOnce() async throws {
    for fault in [FaultRule.Fault.loseAnswer(), .deliverLate(), .failBefore(.injectedLostAnswer)] {
      let library = SimulatedLibrary()
      let faults = FaultInjectingObjectStore(library.memory)
      let client = library.client(through: faults, rowsPerSlice: 64, tail: Self.eager)
      for start in 0..<8 as Range<Int64> { try await client.append("A", from: start) }
      faults.add(FaultRule(fault, verbs: [.put], keys: .containing("refs/"), on: .nth(1)))
      try await client.append("A", from: 8)
      await faults.deliverLateRequests()
      try await client.append("A", from: 9)
      #expect(try await client.values("A") == Array(0..<10))
      #expect(try await client.versions(of: "A").count == 10)
      let report = try await library.client(seed: 9).verify(depth: .data)
      #expect(report.isClean, "\(report.problems)")
    }
  }

  @Test func snapshotsHoldTailsByThemselves() async throws {
    for limits in [TailLimits(), Self.eager] {
      let library = SimulatedLibrary()
      let client = library.client(rowsPerSlice: 64, tail: limits)
      for start in 0..<5 as Range<Int64> { try await client.append("A", from: start) }
      try await client.append("B", from: 0)
      try await client.createSnapshot("old", versions: ["A": .number(2)])
      try await client.createSnapshot("all")
      try await client.append("A", from: 5)
      #expect(try await client.values("A", .snapshot("all")) == Array(0..<5))
      try await client.deleteSymbol("A")
      try await client.deleteSymbol("B")
      _ = try await client.collect()
      #expect(try await client.values("A", .snapshot("old")) == [0, 1, 2])
      #expect(try await client.values("A", .snapshot("all")) == Array(0..<5))
      #expect(try await client.values("B", .snapshot("all")) == [0])
      let report = try await library.client(seed: 9).verify(depth: .data)
      #expect(report.isClean, "\(report.problems)")
      try await client.deleteSnapshot("old")
      try await client.deleteSnapshot("all")
      _ = try await client.collect()
      #expect(try await library.keys(LibraryKeys.blocksPrefix).isEmpty)
    }
  }

  @Test func collectorsKeepFlushedTailsAndDeleteThemWithTheirVersions() async throws {
    let client = client()
    for start in 0..<40 as Range<Int64> { try await client.append("A", from: start) }
    try await client.deleteVersions("A", Set(10..<20))
    _ = try await client.collect()
    for version in (0..<10).map(Int64.init) + (20..<40).map(Int64.init) {
      #expect(try await client.values("A", .number(version)) == Array(0...version))
    }
    try await expectClean()
    try await client.prune("A", keepingLatest: 1)
    let before = try await library.keys(LibraryKeys.blocksPrefix).count
    _ = try await client.collect()
    let after = try await library.keys(LibraryKeys.blocksPrefix).count
    #expect(after < before)
    #expect(try await client.values("A") == Array(0..<40))
    try await expectClean()
  }

  /// A commit that flushes, with a whole collection before each of its requests.
  @Test func aCollectionAtAnyPlaceOfAFlushTakesNothing() async throws {
    var ordinal = 1
    while true {
      let library = SimulatedLibrary()
      let writer = library.client(rowsPerSlice: 16, tail: Self.eager)
      for start in 0..<30 as Range<Int64> { try await writer.append("A", from: start) }
      try await writer.deleteVersions("A", [3, 4, 27])
      let collector = library.client(seed: 5, rowsPerSlice: 16, tail: Self.eager)
      let interleaving = InterleavingObjectStore(library.memory, before: ordinal) {
        try await collector.prune("A", keepingLatest: 20)
        _ = try await collector.collect("A")
      }
      let appender = library.client(seed: 6, through: interleaving, rowsPerSlice: 16, tail: Self.eager)
      try await appender.append("A", from: 30, count: 6)
      #expect(try await collector.values("A") == Array(0..<36), "before request \(ordinal)")
      let report = try await library.client(seed: 9).verify(depth: .data)
      #expect(report.isClean, "before request \(ordinal): \(report.problems)")
      guard interleaving.hasInterrupted else { break }
      ordinal += 1
    }
    #expect(ordinal > 4)
  }
}
