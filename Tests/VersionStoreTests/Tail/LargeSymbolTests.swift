import Columnar
import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import VersionStore

/// What old versions and edits cost in symbols that are too large to be made row by row in a test: their
/// trees are put together from entries.
@Suite struct LargeSymbolTests {
  private let library = SimulatedLibrary()
  private let symbol = "A"

  private func blocks() throws -> BlockStore {
    BlockStore(
      store: library.memory, symbol: try ObjectName(symbol, subject: "symbol"),
      cache: BlockCache(byteCountMax: 0))
  }

  private func replaceRef(_ change: (inout RefState) async throws -> Void) async throws {
    var state = try await library.client().ref(of: symbol)
    try await change(&state)
    let key = LibraryKeys.ref(of: try ObjectName(symbol, subject: "symbol"))
    _ = try await library.memory.put(key, state.encode())
  }

  @Test func anyOfAHundredThousandVersionsIsFiveRequestsAway() async throws {
    try await library.client(rowsPerSlice: 64, tail: .none).write(symbol, from: 0, count: 8)
    let count: UInt64 = 100_000
    try await replaceRef { state in
      let first = state.recent[0]
      let entries = (0..<count).map { number in
        var entry = first
        entry.number = number
        entry.commitID = UniqueID(high: 7, low: number)
        entry.time = Int64(number) * 1_000
        return entry
      }
      // As appends leave it: 128 versions at a time.
      var root = TreeRoot.empty
      for start in stride(from: 0, to: entries.count - 200, by: 128) {
        let edge = try await TreeReader<HistoryContent>(blocks: blocks(), concurrency: 1).rightEdge(
          of: root)
        var appender = TreeAppender<HistoryContent>(epoch: 0)
        root = appender.append(Array(entries[start..<(start + 128)]), to: edge)
        try await blocks().put(appender.pending.blocks, concurrency: 4)
        state.recent = Array(entries[(start + 128)...])
      }
      state.history = root
      state.nextVersion = count
    }
    let recording = RecordingObjectStore(library.memory)
    for selector in [VersionSelector.number(1), .number(50_000), .time(77_777_500), .number(99_999)] {
      recording.reset()
      #expect(
        try await library.client(seed: 3, through: recording).values(symbol, selector) == Array(0..<8))
      // Ref, history nodes, and the segments of the version itself.
      #expect(recording.dependentSteps() <= 5)
      let ways = recording.records.filter { !$0.key.hasSuffix(".seg") }.count
      #expect(ways <= 4, "\(recording.records.map(\.key))")
    }
  }

  @Test func anUpdateInTenThousandSegmentsIsSixStepsAndAHundredthOfTheIndex() async throws {
    let rowsPerSlice = 16
    let client = library.client(rowsPerSlice: rowsPerSlice, tail: .none)
    try await client.write(symbol, from: 80_000, count: 10)
    let sample = try await client.version(symbol)
    let leaf = try #require(try await sample.indexNodes().first)
    let real = try #require(leaf.slices.first)
    let chunks = SegmentDetail.encode(try await sample.columnChunks(of: leaf)[0])
    var indexByteCount = 0
    try await replaceRef { state in
      // Only the slice in the middle is ever read.
      let records = (0..<10_000).map { number in
        let keys = KeyRange(first: Int64(number) * 16, last: Int64(number) * 16 + 9)
        let digest = SHA256Digest(hashing: "\(number)")
        let absent = BlockPointer(kind: .segment, epoch: 0, digest: digest, byteCount: 200)
        let segments = number == 5_000 ? real.segments : [absent]
        return SliceRecord(
          entry: SliceEntry(keys: keys, rowCount: 10, segments: segments), details: [chunks])
      }
      var appender = TreeAppender<IndexContent>(epoch: 0)
      state.recent[0].content?.root = appender.append(records, to: .empty)
      state.recent[0].content?.treeSummary = IndexContent.summary(of: records)
      indexByteCount = appender.pending.blocks.reduce(0) { $0 + $1.bytes.count }
      try await blocks().put(appender.pending.blocks, concurrency: 4)
    }
    // Every request takes so long that those which could overlap do.
    let slow = FaultInjectingObjectStore(library.memory, environment: .live)
    slow.add(FaultRule(.delay(nanoseconds: 600_000_000)))
    let recording = RecordingObjectStore(slow)
    let cold = library.client(seed: 2, through: recording, rowsPerSlice: rowsPerSlice)
    let entry = try await cold.update(symbol, SymbolStore.frame(from: 80_003, count: 2))
    // The rows on both sides of the two stay where they are.
    #expect(entry.content?.summary.sliceCount == 10_002 && entry.content?.summary.rowCount == 100_000)
    #expect(
      recording.dependentSteps() <= 6, "\(recording.records.map { ($0.verb, $0.key, $0.start, $0.end) })")
    let uploaded = recording.records.filter { $0.verb == .put && $0.key.hasSuffix(".node") }
      .reduce(0) { $0 + $1.sentByteCount }
    #expect(uploaded * 100 < indexByteCount, "\(uploaded) of \(indexByteCount)")
  }
}
