import Columnar
import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import VersionStore

@Suite struct TreeAppenderTests {
  private let store = MemoryObjectStore()

  private func makeBlocks() throws -> BlockStore {
    BlockStore(
      store: store, symbol: try ObjectName("numbers", subject: "symbol"), cache: BlockCache(byteCountMax: 0)
    )
  }

  private func append(
    _ items: [UInt64], to root: TreeRoot, _ blocks: BlockStore
  ) async throws -> (root: TreeRoot, uploadedCount: Int) {
    let edge = try await TreeReader<NumberContent>(blocks: blocks, concurrency: 4).rightEdge(of: root)
    var appender = TreeAppender<NumberContent>(epoch: 0)
    let next = appender.append(items, to: edge)
    try await blocks.put(appender.pending.blocks, concurrency: 4)
    return (next, appender.pending.blocks.count)
  }

  private func contents(of root: TreeRoot, _ blocks: BlockStore) async throws -> [UInt64] {
    try await TreeReader<NumberContent>(blocks: blocks, concurrency: 4)
      .leaves(of: root) { _, _ in true }.flatMap(\.leaf)
  }

  @Test func everyPairOfBulkSizesKeepsAllItemsInOrder() async throws {
    let blocks = try makeBlocks()
    for first in 0...40 {
      for second in [0, 1, 2, 3, 4, 5, 11, 12, 13, 37] {
        let head = (0..<UInt64(first)).map { $0 }
        let tail = (0..<UInt64(second)).map { $0 + 1_000 }
        let base = try await append(head, to: .empty, blocks).root
        let both = try await append(tail, to: base, blocks).root
        #expect(try await contents(of: both, blocks) == head + tail, "sizes \(first), \(second)")
        // The old root still is the old tree: nothing was changed in place.
        #expect(try await contents(of: base, blocks) == head)
      }
    }
  }

  @Test func aThousandSingleAppendsUploadABoundedNumberOfNodesEach() async throws {
    let blocks = try makeBlocks()
    var root = TreeRoot.empty
    var worst = 0
    for item in 0..<1_000 {
      let (next, uploadedCount) = try await append([UInt64(item)], to: root, blocks)
      root = next
      worst = max(worst, uploadedCount)
    }
    #expect(try await contents(of: root, blocks) == (0..<1_000).map { UInt64($0) })
    // log2(1,000 / 2) levels of at least two entries, one node each, and one for an opened neighbour.
    #expect(worst <= 11)
  }

  @Test func positionsCountWhatIsSkipped() async throws {
    let blocks = try makeBlocks()
    let root = try await append((0..<100).map { UInt64($0) }, to: .empty, blocks).root
    let leaves = try await TreeReader<NumberContent>(blocks: blocks, concurrency: 4)
      .leaves(of: root) { summary, position in
        position < 61 && position + summary.count > 60
      }
    #expect(leaves.count == 1)
    #expect(leaves.first.map { $0.leaf[60 - $0.position] } == 60)
  }

  @Test func theLastLeafIsFoundByOneRequestPerLevel() async throws {
    let blocks = try makeBlocks()
    let root = try await append((0..<100).map { UInt64($0 * 10) }, to: .empty, blocks).root
    let reader = TreeReader<NumberContent>(blocks: blocks, concurrency: 4)
    for wanted in [0, 5, 10, 399, 400, 401, 990, 5_000] as [UInt64] {
      let leaf = try await reader.lastLeaf(of: root) { $0.first <= wanted }
      #expect(leaf?.last { $0 <= wanted } == min(wanted / 10 * 10, 990))
    }
  }

  @Test func randomAppendsKeepAllItems() async throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    let blocks = try makeBlocks()
    for _ in 0..<20 {
      var expected: [UInt64] = []
      var root = TreeRoot.empty
      for _ in 0..<20 {
        let items = (0..<Int.random(in: 0...15, using: &random)).map { UInt64(expected.count + $0) }
        root = try await append(items, to: root, blocks).root
        expected += items
      }
      #expect(try await contents(of: root, blocks) == expected, "seed \(seed)")
    }
  }

  @Test func damagedNodesThrowAndNeverTrap() throws {
    var pending = PendingBlocks(epoch: 0)
    let node = TreeNode<NumberContent>.inner(
      level: 1,
      [
        TreeChild(
          pointer: PendingBlock(kind: .node, epoch: 3, bytes: [1]).pointer,
          summary: .init(count: 2, first: 1))
      ])
    let bytes = node.encode(pending: &pending)
    func parse(_ bytes: Bytes) throws {
      var (reader, _, count) = try TreeNode<NumberContent>.open(bytes, subject: "node")
      _ = try TreeNode<NumberContent>.readChildren(&reader, count: count)
    }
    try parse(bytes)
    for end in 0..<bytes.count { #expect(throws: SternaError.self) { try parse(bytes[0..<end]) } }
    for position in 0..<bytes.count {
      for bit in 0..<8 {
        var damaged = bytes.array
        damaged[position] ^= 1 << UInt8(bit)
        _ = try? parse(Bytes(damaged))
      }
    }
  }
}
