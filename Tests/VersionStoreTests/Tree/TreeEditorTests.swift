import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import VersionStore

@Suite struct TreeEditorTests {
  private let store = RecordingObjectStore(MemoryObjectStore())

  private func makeBlocks() throws -> BlockStore {
    BlockStore(
      store: store, symbol: try ObjectName("numbers", subject: "symbol"), cache: BlockCache(byteCountMax: 0)
    )
  }

  private func build(_ items: [UInt64], _ blocks: BlockStore) async throws -> TreeRoot {
    var appender = TreeAppender<NumberContent>(epoch: 0)
    let root = appender.append(items, to: .empty)
    try await blocks.put(appender.pending.blocks, concurrency: 4)
    return root
  }

  private func contents(of root: TreeRoot, _ blocks: BlockStore) async throws -> [UInt64] {
    try await TreeReader<NumberContent>(blocks: blocks, concurrency: 4)
      .leaves(of: root) { _, _ in true }.flatMap(\.leaf)
  }

  /// Replaces all numbers in `range` by `values`. A child's numbers are those from its first one on, at
  /// most as many as it has, as the trees here hold even numbers without a gap.
  private func replace(
    _ range: ClosedRange<UInt64>, by values: [UInt64], in root: TreeRoot, _ blocks: BlockStore
  ) async throws -> TreeRoot {
    let editor = TreeEditor<NumberContent>(blocks: blocks, concurrency: 4)
    let result = try await editor.edit(
      root, epoch: 0,
      holdsRun: {
        $0.first <= range.upperBound && $0.first + 2 * UInt64($0.count) - 2 >= range.lowerBound
      },
      isBefore: { $0.first <= range.lowerBound }
    ) { items in
      let before = items.filter { $0 < range.lowerBound }
      return before + values + items.filter { $0 > range.upperBound }
    }
    try await blocks.put(result.pending.blocks, concurrency: 4)
    return result.root
  }

  @Test func everyRangeOfEverySmallTreeCanBeReplacedGrownAndRemoved() async throws {
    let blocks = try makeBlocks()
    for count in [0, 1, 4, 5, 13, 40] {
      let items = (0..<UInt64(count)).map { $0 * 2 + 10 }
      let root = try await build(items, blocks)
      for lower in stride(from: UInt64(7), through: UInt64(count) * 2 + 13, by: 3) {
        for length in [0, 1, 2, 5, 9, 90] as [UInt64] {
          let range = lower...(lower + length)
          for values in [[], [range.lowerBound], (0..<30).map { _ in range.lowerBound }] as [[UInt64]] {
            let edited = try await replace(range, by: values, in: root, blocks)
            let expected = items.filter { $0 < lower } + values + items.filter { $0 > range.upperBound }
            #expect(try await contents(of: edited, blocks) == expected, "\(count) items, \(range)")
          }
        }
      }
      #expect(try await contents(of: root, blocks) == items)
    }
  }

  @Test func anEditOfALargeTreeTouchesItsPathOnly() async throws {
    let blocks = try makeBlocks()
    let items = (0..<UInt64(5_000)).map { $0 * 2 }
    let root = try await build(items, blocks)
    store.reset()
    let edited = try await replace(4_000...4_001, by: [4_000, 4_001], in: root, blocks)
    #expect(try await contents(of: edited, blocks).count == 5_001)
    let puts = store.records.filter { $0.verb == .put }
    // Seven levels of nodes of four, each rewritten once, some of them cut in two.
    #expect(puts.count <= 14)
  }
}
