import ObjectStore
import SternaBase
import TestSupport
import Testing
import VersionStore

@testable import Sterna

@Suite struct MaintenanceTests {
  private let memory = MemoryObjectStore()

  private func makeLibrary() async throws -> Library {
    let store = Store(
      uri: "memory://test", objects: memory, endpoint: "memory", options: StoreOptions(),
      environment: SimulatedEnvironment(seed: 3).environment)
    return try await store.library("ticks", create: true)
  }

  @Test func snapshotsAreMadeListedReadAndDeleted() async throws {
    let library = try await makeLibrary()
    let monday = try SampleFrames.ticks(50, seed: 1)
    try await library.write("SPY", monday, metadata: ["day": "monday"])
    try await library.write("QQQ", SampleFrames.ticks(9, seed: 2))
    try await library.snapshot("monday", symbols: ["SPY"], metadata: ["by": "test"])
    try await library.write("SPY", SampleFrames.ticks(70, seed: 3))
    try await library.snapshot("all")
    try await library.snapshot("old", versions: ["SPY": .version(0), "QQQ": .latest])

    let listed = try await library.listSnapshots()
    #expect(listed.map(\.name) == ["all", "monday", "old"])
    #expect(listed.map(\.symbolCount) == [2, 1, 2])
    #expect(listed[1].metadata == ["by": "test"])
    for name in ["monday", "old"] {
      let result = try await library.read("SPY", asOf: .snapshot(name))
      #expect(result.frame.hasSameRows(as: monday))
      #expect(result.version.version == 0 && result.metadata == ["day": "monday"])
    }
    #expect(try await library.tail("SPY", 3, asOf: .snapshot("all")).version.version == 1)
    #expect(try await library.versions(inSnapshot: "old").map(\.symbol) == ["QQQ", "SPY"])

    try await library.deleteSnapshot("monday")
    let error = await #expect(throws: SternaError.self) {
      try await library.read("SPY", asOf: .snapshot("monday"))
    }
    #expect(error?.code == .snapshotNotFound)
  }

  @Test func collectingAndVerifyingReportWhatTheyDid() async throws {
    let library = try await makeLibrary()
    try await library.write("SPY", SampleFrames.ticks(50, seed: 1))
    // What a writer that was killed left behind.
    let orphan = Bytes(utf8: "orphan")
    let name = try ObjectName("SPY", subject: "symbol")
    let pointer = PendingBlock(kind: .segment, epoch: 0, bytes: orphan).pointer
    try await memory.put("ticks/" + LibraryKeys.block(pointer, of: name), orphan)

    #expect(try await library.verify("SPY").unreferencedByteCount == orphan.count)
    #expect(try await library.collect("SPY", isDryRun: true).deletedByteCount == orphan.count)
    let collected = try await library.collect()
    #expect(collected.deletedBlockCount == 1 && collected.deletedByteCount == orphan.count)
    #expect(collected.failures.isEmpty && collected.resumeAfter == nil)
    let verified = try await library.verify(.data)
    #expect(verified.isClean && verified.unreferencedBlockCount == 0 && verified.symbolCount == 1)
    #expect(verified.json["problems"] == [])
    let error = await #expect(throws: SternaError.self) { try await library.verify("none") }
    #expect(error?.code == .symbolNotFound)
  }

  @Test func retentionNamesWhatToPrune() async throws {
    let library = try await makeLibrary()
    for seed in 0..<5 { try await library.write("SPY", SampleFrames.ticks(5, seed: UInt64(seed))) }
    #expect(try await library.versionsToPrune(of: "SPY", keeping: Retention()) == [])
    #expect(try await library.versionsToPrune(of: "SPY", keeping: Retention(lastCount: 2)) == [0, 1, 2])
    #expect(try await library.versionsToPrune(of: "SPY", keeping: Retention(dayCount: .max)) == [])
  }
}
