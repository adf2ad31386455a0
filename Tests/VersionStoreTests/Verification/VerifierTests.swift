import Columnar
import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import VersionStore

@Suite struct VerifierTests {
  private let library = SimulatedLibrary()

  /// A small library with everything in it: history nodes, several column groups and levels, stored
  /// metadata, a snapshot, a deleted symbol.
  private func fill() async throws {
    let client = library.client()
    for version in 0..<34 { try await client.append("long", from: Int64(version)) }
    try await client.write("deep", from: 0, count: 140)
    _ = try await client.write(
      "noted", try SymbolStore.frame(from: 0, count: 9),
      metadata: ["text": .string(String(repeating: "x", count: 3_000))])
    var wide = client.options
    wide.shape.columnsPerGroup = 2
    let grouped = SymbolStore(store: library.memory, environment: client.environment, options: wide)
    _ = try await grouped.write("wide", try Self.wideFrame())
    try await client.createSnapshot("eod", metadata: ["why": "test"])
    try await client.deleteVersions("deep", [0])
    try await client.write("gone", from: 0)
    try await client.deleteSymbol("gone")
    _ = try await client.collect()
  }

  private static func wideFrame() throws -> DataFrame {
    let columns = (0..<5).map { column in
      ("c\(column)", Column.int64s((0..<20).map { Int64($0 * column) }))
    }
    return try DataFrame(columns, index: nil)
  }

  /// All keys but those of most segments, which are all alike.
  private func sampledKeys() async throws -> [String] {
    try await library.keys().enumerated().filter { !$1.hasSuffix(".seg") || $0 % 8 == 0 }.map(\.element)
  }

  @Test func aSoundLibraryIsClean() async throws {
    try await fill()
    for depth in [VerificationDepth.references, .hashes, .data] {
      let report = try await library.client(seed: 4).verify(depth: depth)
      #expect(report.problems == [])
      #expect(report.symbolCount == 5 && report.snapshotCount == 1)
      #expect(report.unreferencedBlockCount == 0 && report.byteCount > 0)
      let blocks = try await library.keys(LibraryKeys.blocksPrefix)
      #expect(report.blockCount == blocks.count)
    }
    let one = try await library.client(seed: 4).verify("long")
    #expect(one.isClean && one.versionCount == 34)
    #expect(one.json["clean"] == true && one.json["versions"] == 34)
  }

  @Test func everyMissingObjectIsNamed() async throws {
    try await fill()
    for key in try await sampledKeys() where !key.hasPrefix(LibraryKeys.snapshotsPrefix) {
      let object = try await library.memory.get(key)
      try await library.memory.delete(key)
      let report = try await library.client(seed: 4).verify(depth: .references)
      let named = report.problems.contains { $0.kind == .missing && $0.key == key }
      // A ref that only a tombstone was in, of a symbol without a snapshot, leaves no trace.
      #expect(named || key.hasSuffix("gone"), "\(key): \(report.problems)")
      try await library.memory.put(key, object.bytes)
    }
    #expect(try await library.client(seed: 4).verify(depth: .data).isClean)
  }

  @Test func everyDamagedObjectIsNamed() async throws {
    try await fill()
    for (number, key) in try await sampledKeys().enumerated() {
      let object = try await library.memory.get(key)
      let end = object.bytes.count - 1
      let position = [0, end / 2, end][number % 3]
      var damaged = object.bytes.array
      damaged[position] ^= 0x20
      try await library.memory.put(key, Bytes(damaged))
      let report = try await library.client(seed: 4).verify(depth: .hashes)
      #expect(report.problems.contains { $0.key == key }, "\(key), byte \(position): \(report.problems)")
      try await library.memory.put(key, object.bytes)
    }
  }

  @Test func whatARefSaysOfItsVersionsIsHeldAgainstTheirTrees() async throws {
    let client = library.client()
    try await client.write("A", from: 0, count: 300)
    let name = try ObjectName("A", subject: "symbol")
    let seen = try await client.refs.read(name)
    let sound = try #require(seen.state)
    let summaries: [(inout SliceSummary) -> Void] = [
      { $0.rowCount += 1 }, { $0.sliceCount -= 1 }, { $0.byteCount += 8 },
      { $0.keys = KeyRange(first: 1, last: 299) },
    ]
    for change in summaries {
      var state = sound
      guard var content = state.recent[0].content else { continue }
      change(&content.treeSummary)
      state.recent[0].content = content
      try await library.memory.put(LibraryKeys.ref(of: name), state.encode())
      let problems = try await library.client(seed: 4).verify("A").problems
      #expect(problems.map(\.kind) == [.inconsistent])
      #expect(problems.first?.location.contains("version 0") == true)
    }
  }

  @Test func aHistoryWithAHoleIsInconsistent() async throws {
    let client = library.client()
    for version in 0..<40 { try await client.append("A", from: Int64(version)) }
    let name = try ObjectName("A", subject: "symbol")
    var state = try #require(try await client.refs.read(name).state)
    state.recent.removeFirst()
    try await library.memory.put(LibraryKeys.ref(of: name), state.encode())
    let problems = try await library.client(seed: 4).verify("A").problems
    #expect(problems.count == 1 && problems.first?.kind == .inconsistent)
  }

  @Test func aStoreThatDoesNotAnswerIsNotCalledDamaged() async throws {
    try await fill()
    for verb in [RequestRecord.Verb.get, .list] {
      let faults = FaultInjectingObjectStore(library.memory)
      faults.add(FaultRule(.failBefore(), verbs: [verb], on: .nth(9)))
      let error = await #expect(throws: SternaError.self) {
        try await library.client(seed: 4, through: faults).verify()
      }
      #expect(error?.code == .unavailable)
    }
  }

  @Test func aSymbolCollectedMeanwhileIsLookedAtAgain() async throws {
    var ordinal = 0
    while true {
      ordinal += 1
      let library = SimulatedLibrary()
      let client = library.client()
      try await client.write("A", from: 0)
      try await client.write("A", from: 100)
      let store = InterleavingObjectStore(library.memory, before: ordinal) {
        try await client.deleteVersions("A", [0])
        _ = try await client.collect("A")
      }
      let report = try await library.client(seed: 4, through: store).verify()
      #expect(report.problems == [], "interrupted before request \(ordinal)")
      guard store.hasInterrupted else { break }
    }
  }
}

@Suite struct SegmentInspectorTests {
  private func claim(
    _ segment: Segment, rowCount: Int = 20, rows: Range<Int> = 0..<20, keys: KeyRange
  ) -> SegmentClaim {
    SegmentClaim(
      pointer: PendingBlock(kind: .segment, epoch: 0, bytes: [1]).pointer, rowCount: rowCount,
      uses: [.init(rows: rows, keys: keys)],
      chunks: segment.chunks, indexPosition: 0, location: "here")
  }

  private func encoded() throws -> Bytes {
    try SegmentEncoder(options: .standard)
      .encode(SymbolStore.frame(from: 0, count: 20), kind: .segment).bytes
  }

  @Test func rowsAndIndexRangeAreHeldAgainstTheIndex() throws {
    let bytes = try encoded()
    let segment = try Segment(parsing: bytes, subject: "segment")
    func problems(_ claim: SegmentClaim) throws -> Int {
      try SegmentInspector.problems(of: bytes, claim, decodes: true).count
    }
    #expect(try problems(claim(segment, keys: KeyRange(first: 0, last: 19))) == 0)
    #expect(try problems(claim(segment, rowCount: 21, keys: KeyRange(first: 0, last: 19))) == 1)
    #expect(try problems(claim(segment, keys: KeyRange(first: 0, last: 20))) == 1)
    #expect(try problems(claim(segment, keys: KeyRange(first: -1, last: 19))) == 1)
    #expect(try problems(claim(segment, rows: 3..<9, keys: KeyRange(first: 3, last: 8))) == 0)
    #expect(try problems(claim(segment, rows: 3..<9, keys: KeyRange(first: 3, last: 9))) == 1)
  }

  /// Statistics stand in the directory, which only the object's hash covers: a writer that computed them
  /// wrongly is found only by looking at the values.
  @Test func statisticsAreHeldAgainstTheValues() throws {
    let bytes = try encoded()
    let sound = try Segment(parsing: bytes, subject: "segment")
    var foundCount = 0
    for position in 0..<bytes.count {
      var damaged = bytes.array
      damaged[position] ^= 0x04
      guard let segment = try? Segment(parsing: Bytes(damaged), subject: "segment"),
        segment.chunks.map(\.statistics) != sound.chunks.map(\.statistics),
        segment.chunks.map(\.byteRange) == sound.chunks.map(\.byteRange)
      else { continue }
      let claim = claim(segment, keys: KeyRange(first: 0, last: 19))
      let problems = try? SegmentInspector.problems(of: Bytes(damaged), claim, decodes: true)
      #expect(problems?.isEmpty != true, "byte \(position)")
      foundCount += 1
    }
    #expect(foundCount >= 4)
  }
}
