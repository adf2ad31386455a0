import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import VersionStore

@Suite struct CollectorTests {
  private let library = SimulatedLibrary()

  /// Expects a library in which nothing is wrong, and nothing is left to be collected if so wanted.
  private func expectClean(withoutGarbage: Bool = false, _ comment: Comment? = nil) async throws {
    let report = try await library.client(seed: 99).verify(depth: .data)
    #expect(report.problems == [], comment)
    if withoutGarbage { #expect(report.unreferencedBlockCount == 0, comment) }
  }

  @Test func whatNothingLeadsToIsDeletedAndTheRestStays() async throws {
    let client = library.client()
    try await client.write("A", from: 0)
    try await client.write("A", from: 100)
    try await client.append("A", from: 200)
    try await client.write("B", from: 0)
    let before = try await library.keys(LibraryKeys.blocksPrefix).count
    try await client.deleteVersions("A", [0])
    let dry = try await client.collect(isDryRun: true)
    #expect(try await library.keys(LibraryKeys.blocksPrefix).count == before)
    let report = try await client.collect()
    #expect(report.deletedBlockCount > 0 && report.deletedByteCount > 0 && report.failures.isEmpty)
    #expect(dry.deletedBlockCount == report.deletedBlockCount)
    #expect(dry.deletedByteCount == report.deletedByteCount)
    #expect(try await library.keys(LibraryKeys.blocksPrefix).count == before - report.deletedBlockCount)
    #expect(try await client.values("A", .number(1)) == Array(100..<120))
    #expect(try await client.values("A") == Array(100..<120) + [200])
    try await expectClean(withoutGarbage: true)
  }

  @Test func aLibraryWithoutGarbageIsNotWrittenTo() async throws {
    let client = library.client()
    for symbol in ["A", "B", "C"] { try await client.write(symbol, from: 0) }
    let recording = RecordingObjectStore(library.memory)
    let report = try await library.client(seed: 2, through: recording).collect()
    #expect(report.symbolCount == 3 && report.deletedBlockCount == 0)
    #expect(recording.records.allSatisfy { [.get, .list, .head].contains($0.verb) })
  }

  @Test func historyKeepsWhatItsVersionsConsistOf() async throws {
    let client = library.client()
    for version in 0..<70 { try await client.append("A", from: Int64(version)) }
    try await client.write("A", from: 500)
    let report = try await client.collect("A")
    #expect(report.deletedBlockCount > 0, "nodes of the history tree that were rewritten")
    for version in [0, 20, 69] as [Int64] {
      #expect(try await library.client(seed: 3).values("A", .number(version)) == Array(0...version))
    }
    try await expectClean(withoutGarbage: true)
  }

  @Test func aPrunedHistoryIsCollected() async throws {
    let client = library.client()
    for version in 0..<70 { try await client.write("A", from: Int64(version) * 100) }
    try await client.deleteVersions("A", [3, 68])
    _ = try await client.collect("A")
    try await expectClean(withoutGarbage: true)
    try await client.prune("A", keepingLatest: 30)
    #expect(try await client.collect("A").deletedBlockCount >= 38 * 5, "some segments of each version")
    for version in [40, 50, 69] as [Int64] {
      let expected = Array((version * 100)..<(version * 100 + 20))
      #expect(try await library.client(seed: 3).values("A", .number(version)) == expected)
    }
    try await expectClean(withoutGarbage: true)
  }

  @Test func whatEditedVersionsShareStays() async throws {
    let client = library.client()
    try await client.write("A", from: 0, count: 200)
    _ = try await client.deleteRows("A", 50...59)
    _ = try await client.update("A", SymbolStore.frame(from: 100, count: 3))
    _ = try await client.restore("A", .number(0))
    _ = try await client.writeMetadata("A", ["long": .string(String(repeating: "y", count: 4_000))])
    try await client.deleteVersions("A", [0, 1])
    #expect(try await client.collect("A").failures.isEmpty)
    let edited = Array(0..<50) + Array(60..<200)
    #expect(try await library.client(seed: 3).values("A", .number(2)) == edited.map { Int64($0) })
    #expect(try await library.client(seed: 3).values("A") == (0..<200).map { Int64($0) })
    try await expectClean(withoutGarbage: true)
  }

  @Test func aSymbolThatNeverCameToBeLeavesNothing() async throws {
    let faults = FaultInjectingObjectStore(library.memory)
    let client = library.client(through: faults)
    faults.add(FaultRule(.failBefore(), verbs: [.put], keys: .beginning(LibraryKeys.refsPrefix)))
    await #expect(throws: SternaError.self) { try await client.write("A", from: 0) }
    faults.removeAllRules()
    #expect(try await client.collect().deletedBlockCount > 0)
    #expect(try await library.keys(LibraryKeys.blocksPrefix).isEmpty)
    // The tombstone that the collection made is built upon.
    #expect(try await client.write("A", from: 7).number == 0)
    #expect(try await client.values("A") == Array(7..<27))
    #expect(try await client.symbols() == ["A"])
  }

  @Test func aDeletedSymbolLeavesItsTombstone() async throws {
    let client = library.client()
    try await client.write("A", from: 0)
    try await client.deleteSymbol("A")
    _ = try await client.collect()
    #expect(try await library.keys(LibraryKeys.blocksPrefix).isEmpty)
    #expect(try await client.write("A", from: 5).number == 1)
    try await expectClean()
  }

  @Test func objectsOfOthersAreLeftAlone() async throws {
    let client = library.client()
    try await client.write("A", from: 0)
    let folder = LibraryKeys.blocks(of: try ObjectName("A", subject: "symbol"))
    let strangers = ["notes.txt", "0/readme.md", "00/\(SHA256Digest(hashing: "x").hex).seg", "0/x.seg"]
    for name in strangers { try await library.memory.put(folder + name, [1]) }
    _ = try await client.write("A", from: 50)
    try await client.deleteVersions("A", [0])
    #expect(try await client.collect("A").deletedBlockCount > 0)
    for name in strangers { _ = try await library.memory.head(folder + name) }
  }

  @Test func aCollectionGoesOnWhereItWasInterrupted() async throws {
    let client = library.client(tail: .none)
    for number in 0..<200 {
      try await client.write("S\(number)", from: 0, count: 1)
      try await client.deleteSymbol("S\(number)")
    }
    // All block deletes after the first batch fail.
    let faults = FaultInjectingObjectStore(library.memory)
    let first = library.client(seed: 2, through: faults)
    faults.add(FaultRule(.failBefore(), verbs: [.deleteMany], on: .nth(80)))
    let partial = try await first.collect()
    #expect(partial.failures.count == 1)
    let steps = ProgressList()
    let rest = try await client.collect(progress: { steps.add($0.resumeAfter) })
    #expect(rest.deletedBlockCount > 0 && rest.resumeAfter == nil)
    #expect(try await library.keys(LibraryKeys.blocksPrefix).isEmpty)
    let marks = steps.marks
    #expect(marks.count >= 4 && marks == marks.sorted())
    // Resumed behind the first batch, only the others are looked at.
    let resumed = try await client.collect(resumeAfter: marks[0])
    #expect(resumed.symbolCount < 200 && resumed.symbolCount >= 100)
  }

  @Test func everyRequestMayFailOrLoseItsAnswer() async throws {
    for fault in [FaultRule.Fault.failBefore(), .loseAnswer()] {
      var ordinal = 0
      var wasInjected = true
      while wasInjected {
        ordinal += 1
        let library = SimulatedLibrary()
        let client = library.client()
        try await client.write("A", from: 0)
        try await client.write("A", from: 100)
        try await client.write("A", from: 200)
        try await client.createSnapshot("s", versions: ["A": .number(1)])
        try await client.deleteVersions("A", [0, 1])
        let faults = FaultInjectingObjectStore(library.memory)
        faults.add(FaultRule(fault, on: .nth(ordinal)))
        _ = try? await library.client(seed: 5, through: faults).collect("A")
        wasInjected = faults.injectedCount > 0
        let report = try await library.client(seed: 6).verify(depth: .data)
        #expect(report.problems == [], "\(fault) of request \(ordinal)")
        _ = try await client.collect()
        let swept = try await library.client(seed: 7).verify(depth: .data)
        #expect(swept.problems == [] && swept.unreferencedBlockCount == 0, "request \(ordinal)")
        #expect(try await client.values("A", .snapshot("s")) == Array(100..<120))
        #expect(try await client.values("A") == Array(200..<220))
      }
      #expect(ordinal > 8)
    }
  }
}

/// What a progress callback reported, in order.
private final class ProgressList: Sendable {
  private let list = SharedValue<[String]>([])
  func add(_ mark: String?) { list.update { $0.append(mark ?? "") } }
  var marks: [String] { list.value }
}
