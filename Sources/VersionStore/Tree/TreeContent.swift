import Columnar
import SternaBase

/// What a tree of blocks is a tree of: row slices (the index) or version entries (the history).
package protocol TreeContent: Sendable {
  /// One entry of a leaf, as an editor needs it.
  associatedtype Item: Sendable
  /// A leaf as a reader needs it: without the blocks that go with it.
  associatedtype Leaf: Sendable
  /// What an inner node knows about everything below a child.
  associatedtype Summary: Sendable

  static var blockKind: BlockKind { get }
  static var envelopeKind: Envelope.Kind { get }
  static var shape: TreeShape { get }

  /// The summary of a leaf's items, which are not empty.
  static func summary(of items: [Item]) -> Summary
  /// The summary of consecutive children, which are not empty.
  static func summary(merging summaries: [Summary]) -> Summary

  static func write(_ summary: Summary, to writer: inout ByteWriter)
  static func readSummary(from reader: inout ByteReader) throws(SternaError) -> Summary

  /// Writes a leaf's items; blocks that go with the leaf are added to `pending`.
  static func writeLeaf(_ items: [Item], to writer: inout ByteWriter, pending: inout PendingBlocks)
  static func readLeaf(_ reader: inout ByteReader, count: Int) throws(SternaError) -> Leaf
  /// Completes a leaf for editing, reading the blocks that go with it.
  static func items(of leaf: Leaf, blocks: BlockStore) async throws -> [Item]

  /// How far a child moves the position of what follows it: rows, or versions.
  static func positions(in summary: Summary) -> Int
  static func positions(in leaf: Leaf) -> Int

  /// Whether the sums of consecutive children stay within the limits of the format, so that no later
  /// arithmetic on them can overflow.
  static func canSum(_ summaries: [Summary]) -> Bool
}

/// How full nodes may become.
///
/// Bulk writes pack nodes to their maximum. An append never rewrites a node that has reached `appendFill`:
/// it opens a new one beside it. So the price of an append is bounded by a few small nodes on the right
/// edge however large the tree is, and the shape stays within a constant factor of the packed one.
package struct TreeShape: Sendable {
  package var leafCountMax: Int
  package var leafAppendFill: Int
  package var innerCountMax: Int
  package var innerAppendFill: Int

  package init(leafCountMax: Int, leafAppendFill: Int, innerCountMax: Int, innerAppendFill: Int) {
    self.leafCountMax = leafCountMax
    self.leafAppendFill = leafAppendFill
    self.innerCountMax = innerCountMax
    self.innerAppendFill = innerAppendFill
  }
}

/// Blocks that an edit produced, to be uploaded before the commit that references them.
package struct PendingBlocks: Sendable {
  package let epoch: UInt64
  package private(set) var blocks: [PendingBlock] = []

  package init(epoch: UInt64) { self.epoch = epoch }

  package mutating func add(_ kind: BlockKind, _ bytes: Bytes) -> BlockPointer {
    let block = PendingBlock(kind: kind, epoch: epoch, bytes: bytes)
    blocks.append(block)
    return block.pointer
  }
}
