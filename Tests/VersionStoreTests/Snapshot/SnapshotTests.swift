import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import VersionStore

@Suite struct SnapshotTests {
  private let library = SimulatedLibrary()

  @Test func aSnapshotReadsWhatWasThere() async throws {
    let client = library.client()
    try await client.write("A", from: 0)
    try await client.write("B", from: 100)
    try await client.createSnapshot("eod", metadata: ["day": 1])
    try await client.write("A", from: 500)
    #expect(try await client.values("A", .snapshot("eod")) == Array(0..<20))
    #expect(try await client.values("B", .snapshot("eod")) == Array(100..<120))
    #expect(try await client.values("A") == Array(500..<520))
    let listed = try await client.listSnapshots()
    #expect(listed.map(\.name) == ["eod"] && listed.map(\.symbolCount) == [2])
    #expect(listed.first?.metadata == ["day": 1])
  }

  @Test func aSnapshotHoldsTheVersionsThatWereChosen() async throws {
    let client = library.client()
    try await client.write("A", from: 0)
    try await client.write("A", from: 50)
    try await client.write("B", from: 100)
    try await client.createSnapshot("first", versions: ["A": .number(0)])
    #expect(try await client.values("A", .snapshot("first")) == Array(0..<20))
    let error = await #expect(throws: SternaError.self) {
      try await client.version("B", .snapshot("first"))
    }
    #expect(error?.code == .symbolNotFound)
  }

  @Test func aDeletedSnapshotIsGoneAndItsNameFree() async throws {
    let client = library.client()
    try await client.write("A", from: 0)
    try await client.createSnapshot("s")
    var error = await #expect(throws: SternaError.self) { try await client.createSnapshot("s") }
    #expect(error?.code == .alreadyExists)
    try await client.deleteSnapshot("s")
    error = await #expect(throws: SternaError.self) { try await client.version("A", .snapshot("s")) }
    #expect(error?.code == .snapshotNotFound)
    error = await #expect(throws: SternaError.self) { try await client.deleteSnapshot("s") }
    #expect(error?.code == .snapshotNotFound)
    #expect(try await client.listSnapshots().isEmpty)
    try await client.write("A", from: 30)
    try await client.createSnapshot("s")
    #expect(try await client.values("A", .snapshot("s")) == Array(30..<50))
  }

  @Test func aSnapshotOutlivesItsVersionItsSymbolAndCollections() async throws {
    let client = library.client()
    try await client.write("A", from: 0)
    try await client.write("A", from: 100)
    try await client.createSnapshot("first", versions: ["A": .number(0)])
    try await client.deleteVersions("A", [0])
    #expect(try await client.collect("A").deletedBlockCount == 0)
    try await client.deleteSymbol("A")
    #expect(try await client.collect().deletedBlockCount > 0)
    #expect(try await library.client(seed: 5).values("A", .snapshot("first")) == Array(0..<20))
    try await client.deleteSnapshot("first")
    #expect(try await client.collect().deletedBlockCount > 0)
    #expect(try await library.keys(LibraryKeys.blocksPrefix).isEmpty)
  }

  @Test func oneSymbolOfAHundredThousandTakesTwoRequestsToFind() async throws {
    let client = library.client(tail: .none)
    try await client.write("S777", from: 0, count: 1)
    let bytes = try Self.snapshot("all", memberCount: 100_000, like: try await client.versions(of: "S777"))
    try await library.memory.put(LibraryKeys.snapshot(try ObjectName("all", subject: "snapshot")), bytes)
    let recording = RecordingObjectStore(library.memory)
    let cold = library.client(seed: 2, through: recording)
    #expect(try await cold.values("S777", .snapshot("all")) == [0])
    // The head, a page, and the segment: the version's only index node is inline.
    #expect(recording.requestCount == 3, "\(recording.records.map(\.key))")
    #expect(recording.records.reduce(0) { $0 + $1.receivedByteCount } * 40 < bytes.count)
  }

  /// A live snapshot of symbols S0, S1 and so on that all look alike: only what is asked for need be real.
  private static func snapshot(
    _ name: String, memberCount: Int, like entries: [VersionEntry]
  ) throws -> Bytes {
    let members = (0..<memberCount).map { SnapshotMember(symbol: "S\($0)", entry: entries[0]) }
    let stamp = SnapshotStamp(
      phase: .live, creationID: UniqueID(high: 1, low: 1), writeID: UniqueID(high: 1, low: 2))
    return try SnapshotHead.encode(
      SnapshotContents(time: 1, members: members), name: name, stamp: stamp)
  }

  @Test func aPendingSnapshotIsNotReadAndCanBeSettledByAnyone() async throws {
    let client = library.client()
    try await client.write("A", from: 0)
    let stopped = try await makePending("s", by: client)
    let error = await #expect(throws: SternaError.self) { try await client.version("A", .snapshot("s")) }
    #expect(error?.code == .snapshotNotFound)
    #expect(try await client.listSnapshots(phases: [.pending]).map(\.name) == ["s"])
    let settled = try await library.client(seed: 8).settleSnapshot("s")
    #expect(settled?.phase == .live && settled?.creationID == stopped)
    #expect(try await client.values("A", .snapshot("s")) == Array(0..<20))
  }

  @Test func aPendingSnapshotOfAPrunedVersionIsWithdrawnByTheCollector() async throws {
    let client = library.client()
    try await client.write("A", from: 0)
    try await client.write("A", from: 100)
    _ = try await makePending("s", versions: ["A": .number(0)], by: client)
    try await client.deleteVersions("A", [0])
    let report = try await client.collect()
    #expect(report.withdrawnSnapshots == ["s"] && report.deletedBlockCount > 0)
    #expect(try await client.listSnapshots(phases: [.pending, .live]).isEmpty)
  }

  /// A creator that dies right after its pending object landed.
  private func makePending(
    _ name: String, versions: [String: VersionSelector] = ["A": .latest], by client: SymbolStore
  ) async throws -> UniqueID {
    let creation = client.environment.makeUniqueID()
    var members: [SnapshotMember] = []
    for (symbol, selector) in versions {
      members.append(
        SnapshotMember(symbol: symbol, entry: try await client.version(symbol, selector).entry))
    }
    let stamp = SnapshotStamp(
      phase: .pending, creationID: creation, writeID: client.environment.makeUniqueID())
    _ = try await client.snapshots.write(
      try SnapshotHead.encode(SnapshotContents(time: 1, members: members), name: name, stamp: stamp),
      name: try ObjectName(name, subject: "snapshot"), replacing: .absent)
    return creation
  }
}
