import Columnar
import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import VersionStore

/// Numbers that fit one by one and not together: sums over every limit are corrupt, not a trap.
@Suite struct HostileNumbersTests {
  private let pointer = BlockPointer(
    kind: .node, epoch: 0, digest: SHA256Digest(hashing: ""), byteCount: 1)

  private func children(_ count: Int, _ summary: SliceSummary) -> [TreeChild<IndexContent>] {
    Array(repeating: TreeChild(pointer: pointer, summary: summary), count: count)
  }

  @Test(arguments: [
    SliceSummary(keys: nil, rowCount: 1 << 50, sliceCount: 1, byteCount: 1),
    SliceSummary(keys: nil, rowCount: 1, sliceCount: 1 << 50, byteCount: 1),
    SliceSummary(keys: nil, rowCount: 1, sliceCount: 1, byteCount: 1 << 60),
  ])
  func sumsOfAnInnerNodeAreBounded(summary: SliceSummary) throws {
    var pending = PendingBlocks(epoch: 0)
    let node = TreeNode<IndexContent>.inner(level: 1, children(2, summary)).encode(pending: &pending)
    #expect(throws: SternaError.self) {
      var (reader, _, count) = try TreeNode<IndexContent>.open(node, subject: "node")
      _ = try TreeNode<IndexContent>.readChildren(&reader, count: count)
    }
  }

  @Test func aChildWithOtherRowsThanItsParentSaysIsRefused() async throws {
    let store = MemoryObjectStore()
    let symbol = try ObjectName("S", subject: "symbol")
    let blocks = BlockStore(store: store, symbol: symbol, cache: BlockCache())
    var pending = PendingBlocks(epoch: 0)
    let record = SliceRecord(
      entry: SliceEntry(keys: nil, rowCount: 3, segments: [pointer]), details: [[]])
    let leaf = pending.add(.node, TreeNode<IndexContent>.leaf([record]).encode(pending: &pending))
    for (rowCount, isTrue) in [(3, true), (4, false)] {
      let summary = SliceSummary(keys: nil, rowCount: rowCount, sliceCount: 1, byteCount: 1)
      let child = TreeChild<IndexContent>(pointer: leaf, summary: summary)
      let root = TreeNode<IndexContent>.inner(level: 1, [child]).encode(pending: &pending)
      try await blocks.put(pending.blocks, concurrency: 1)
      let reader = TreeReader<IndexContent>(blocks: blocks, concurrency: 1)
      let leaves = try? await reader.leaves(of: .inline(root)) { _, _ in true }
      #expect((leaves?.count == 1) == isTrue)
    }
  }

  private func ref(number: UInt64, time: Int64, next: UInt64) -> RefState {
    let entry = VersionEntry(
      number: number, commitID: UniqueID(high: 0, low: 1), time: time, operation: .write, content: nil)
    return RefState(
      symbol: "S", writeID: UniqueID(high: 0, low: 2), nextVersion: next, recent: [entry])
  }

  @Test func aRefAtTheEndOfNumbersOrOfTimeIsCorrupt() throws {
    let symbol = try ObjectName("S", subject: "symbol")
    #expect(throws: Never.self) {
      try RefState(decoding: ref(number: 4, time: 0, next: 5).encode(), symbol: symbol)
    }
    for (number, time, next) in [
      (UInt64.max, 0, 0), (UInt64.max - 1, 0, UInt64.max), (1 << 62, 0, 1 << 62 + 1), (4, Int64.max, 5),
    ] {
      #expect(throws: SternaError.self) {
        try RefState(decoding: ref(number: number, time: time, next: next).encode(), symbol: symbol)
      }
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func aHistoryThatContradictsItselfEndsTheSearch() async throws {
    let store = MemoryObjectStore()
    let symbol = try ObjectName("S", subject: "symbol")
    let blocks = BlockStore(store: store, symbol: symbol, cache: BlockCache())
    var pending = PendingBlocks(epoch: 0)
    let entries = ref(number: 7, time: 1, next: 8).recent
    let leaf = pending.add(.history, TreeNode<HistoryContent>.leaf(entries).encode(pending: &pending))
    // The parent says that the versions are older than they are, again and again.
    let summary = HistoryContent.Summary(firstNumber: 3, lastNumber: 3, firstTime: 1, lastTime: 1)
    let root = TreeNode<HistoryContent>.inner(level: 1, [TreeChild(pointer: leaf, summary: summary)])
      .encode(pending: &pending)
    try await blocks.put(pending.blocks, concurrency: 1)
    let state = RefState(
      symbol: "S", writeID: UniqueID(high: 0, low: 2), nextVersion: 5, history: .inline(root))
    await #expect(throws: SternaError.self) {
      try await HistoryReader(blocks: blocks, concurrency: 1).latestLive(atOrBefore: .max, of: state)
    }
  }

  @Test func aLeafOfOtherColumnGroupsTakesNoAppend() async throws {
    let store = MemoryObjectStore()
    let writer = SymbolStore(
      store: store, environment: SimulatedEnvironment(seed: 1).environment,
      options: SymbolStore.Options(shape: SliceShape(columnsPerGroup: 1), tail: .none))
    _ = try await writer.write("S", FrameSource(try HostileStore.frame(0..<5)))
    let key = LibraryKeys.ref(of: try ObjectName("S", subject: "symbol"))
    var state = try await writer.ref(of: "S")
    // The same tree, said to have all columns in one group.
    var entry = try #require(state.recent.first)
    entry.content?.columnsPerGroup = 3
    state.recent = [entry]
    _ = try await store.put(key, state.encode())
    let error = await #expect(throws: SternaError.self) {
      try await HostileStore.library(on: store, tail: .none)
        .append("S", FrameSource(try HostileStore.frame(10..<12)))
    }
    #expect(error?.code == .corrupt)
  }
}
