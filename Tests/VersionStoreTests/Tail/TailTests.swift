import Columnar
import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import VersionStore

/// Small appends and writes live in the ref: what they cost, and that no version ever changes by what
/// happens to the tail that it uses.
@Suite struct TailTests {
  private let library = SimulatedLibrary()

  /// Tails that are many bytes at once, so that they are flushed at every occasion.
  private static let eager = TailLimits(rowCountMax: 8, smallByteCountMax: 0, idleByteCountMax: 0)

  private func client(
    _ seed: UInt64 = 1, through objects: (any ObjectStore)? = nil, tail: TailLimits = TailLimits(),
    history: HistoryLimits = HistoryLimits()
  ) -> SymbolStore {
    library.client(seed: seed, through: objects, rowsPerSlice: 64, tail: tail, history: history)
  }

  private func blockCount() async throws -> Int { try await library.keys(LibraryKeys.blocksPrefix).count }

  private func expectClean() async throws {
    let report = try await client(99).verify(depth: .data)
    #expect(report.isClean, "\(report.problems)")
  }

  @Test func smallOperationsAreOneRequestWarmAndTwoCold() async throws {
    let recording = RecordingObjectStore(library.memory)
    func requests(_ work: () async throws -> Void) async throws -> [RequestRecord.Verb] {
      recording.reset()
      try await work()
      return recording.records.map(\.verb)
    }
    let warm = client(1, through: recording)
    try await warm.append("A", from: 0, count: 10)
    #expect(try await requests { try await warm.append("A", from: 10, count: 10) } == [.put])
    #expect(try await requests { try await warm.write("B", from: 0, count: 10) } == [.get, .put])
    #expect(try await requests { try await warm.write("B", from: 0, count: 10) } == [.put])
    #expect(
      try await requests {
        _ = try await warm.update("B", SymbolStore.frame(from: 3, count: 2), range: 3...4)
      } == [.put])
    let cold = client(2, through: recording)
    #expect(try await requests { try await cold.append("A", from: 20, count: 10) } == [.get, .put])
    let reader = client(3, through: recording)
    var values: [Int64] = []
    #expect(try await requests { values = try await reader.values("A") } == [.get])
    #expect(values == Array(0..<30))
    #expect(try await requests { values = try await reader.values("A", .number(0)) } == [.get])
    #expect(values == Array(0..<10))
    #expect(try await blockCount() == 0)
    try await expectClean()
  }

  @Test func everyVersionKeepsItsRowsWhileTheTailGrowsAndIsFlushed() async throws {
    for limits in [TailLimits(), Self.eager, TailLimits(rowCountMax: 8, idleByteCountMax: 0)] {
      let library = SimulatedLibrary()
      let client = library.client(
        rowsPerSlice: 64, tail: limits, history: HistoryLimits(entryCountMax: 12))
      for version in 0..<120 { try await client.append("A", from: Int64(version)) }
      let reader = library.client(seed: 2)
      for version in 0..<120 as Range<Int64> {
        #expect(try await reader.values("A", .number(version)) == Array(0...version))
      }
      let report = try await library.client(seed: 3).verify(depth: .data)
      #expect(report.isClean, "\(report.problems)")
    }
  }

  @Test func allSelectionsSeeTreeAndTail() async throws {
    let client = client()
    try await client.write("A", from: 0, count: 100)
    try await client.append("A", from: 100, count: 5)
    try await client.append("A", from: 105, count: 5)
    let old = try await client.version("A", .number(1))
    let new = try await client.version("A")
    #expect(new.content.tail != nil && new.content.root != .empty)
    for (version, end) in [(old, 105), (new, 110)] {
      #expect(version.content.summary.rowCount == end)
      #expect(version.content.summary.keys == KeyRange(first: 0, last: Int64(end - 1)))
    }
    func values(_ version: StoredVersion, _ rows: ReadSelection.Rows) async throws -> [Int64] {
      try await version.read(ReadSelection(rows: rows))["value"]?.withValues(as: Int64.self) { Array($0) }
        ?? []
    }
    for (version, end) in [(old, 105), (new, 110)] as [(StoredVersion, Int64)] {
      #expect(try await values(version, .last(7)) == Array((end - 7)..<end))
      #expect(try await values(version, .keys(95...200)) == Array(95..<end))
      #expect(try await values(version, .keys(101...102)) == [101, 102])
      #expect(try await values(version, .keys(0...3)) == [0, 1, 2, 3])
      #expect(try await values(version, .numbers(98..<103)) == Array(98..<103))
      #expect(try await values(version, .numbers(104..<500)) == Array(104..<end))
      var scanned: [Int64] = []
      for try await frame in try await version.scan(ReadSelection(columns: ["value"])) {
        scanned += frame["value"]?.withValues(as: Int64.self) { Array($0) } ?? []
      }
      #expect(scanned == Array(0..<end))
    }
  }

  @Test func rowsOfADeletedVersionDoNotComeBack() async throws {
    for limits in [TailLimits(), Self.eager] {
      let library = SimulatedLibrary()
      let client = library.client(rowsPerSlice: 64, tail: limits)
      try await client.append("A", from: 0)
      try await client.append("A", from: 1)
      try await client.append("A", from: 7)
      try await client.deleteVersions("A", [2])
      try await client.append("A", from: 3)
      #expect(try await client.values("A") == [0, 1, 3])
      #expect(try await client.values("A", .number(1)) == [0, 1])
      _ = try await client.restore("A", .number(0))
      try await client.append("A", from: 1)
      #expect(try await client.values("A") == [0, 1])
      #expect(try await client.values("A", .number(3)) == [0, 1, 3])
    }
  }

  @Test func aTailGoesWithTheLastVersionThatUsesIt() async throws {
    let client = client()
    try await client.append("A", from: 0, count: 8)
    try await client.append("A", from: 8, count: 8)
    try await client.write("A", from: 0, count: 1)
    func tails() async throws -> Int {
      Set(try await client.ref(of: "A").recent.compactMap { $0.content?.tail?.tail }).count
    }
    #expect(try await tails() == 2)
    try await client.prune("A", keepingLatest: 1)
    #expect(try await tails() == 1)
    try await client.deleteSymbol("A")
    try await client.append("A", from: 5)
    #expect(try await client.values("A") == [5])
    #expect(try await tails() == 1)
    #expect(try await blockCount() == 0)
  }

  @Test func smallTailsThatLieIdleStayAndLargeOnesBecomeBlocks() async throws {
    let client = client(tail: TailLimits(smallByteCountMax: 300, idleByteCountMax: 600))
    for version in 0..<10 { try await client.write("small", from: Int64(version), count: 3) }
    #expect(try await blockCount() == 0)
    for version in 0..<10 { _ = try await client.write("large", Self.noise(UInt64(version))) }
    #expect(try await blockCount() > 5)
    for version in 0..<10 as Range<Int64> {
      #expect(try await client.values("small", .number(version)) == Array(version..<(version + 3)))
      #expect(try await client.version("large", .number(version)).read() == Self.noise(UInt64(version)))
    }
    try await expectClean()
  }

  /// Rows that do not compress.
  private static func noise(_ seed: UInt64) throws -> DataFrame {
    var random = SeededGenerator(seed: seed)
    return try DataFrame([
      ("value", .int64s((0..<30).map { _ in Int64(truncatingIfNeeded: random.next()) }))
    ])
  }

  @Test func anAppendMayBringNullsIntoATail() async throws {
    let client = client()
    func frame(_ time: Int64, _ value: Int64?) throws -> DataFrame {
      let columns: [Column] = [.timestamps([time], unit: .nanosecond), .int64s([value])]
      let schema = Schema(
        [Field("time", columns[0].type, nullable: false), Field("value", .int64, nullable: value == nil)],
        indexColumn: 0)
      return DataFrame(schema: schema, columns: columns, rowCount: 1)
    }
    _ = try await client.append("A", try frame(0, 10))
    _ = try await client.append("A", try frame(1, nil))
    let (old, new) = (try await client.version("A", .number(0)), try await client.version("A"))
    #expect(try await old.schema().fields[1].isNullable == false)
    #expect(try await old.read()["value"] == .int64s([10]))
    #expect(try await new.schema().fields[1].isNullable)
    #expect(try await new.read()["value"] == .int64s([10, nil]))
    try await expectClean()
  }

  @Test func emptyAppendsAndFramesWithoutAnIndex() async throws {
    let client = client(tail: TailLimits(rowCountMax: 8))
    func rows(_ range: Range<Int64>) throws -> DataFrame {
      try DataFrame([("value", .int64s(Array(range)))])
    }
    _ = try await client.append("A", try rows(0..<0))
    var end: Int64 = 0
    for version in 0..<60 {
      _ = try await client.append("A", try rows(end..<(end + Int64(version % 4))))
      end += Int64(version % 4)
    }
    #expect(try await client.values("A") == Array(0..<end))
    #expect(try await client.values("A", .number(0)) == [])
    try await expectClean()
  }
}
