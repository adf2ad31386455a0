import Columnar
import SternaBase

/// One node of a version's index as it lies in the store: what inspection prints.
package struct IndexNode: Sendable {
  /// 0 for a leaf.
  package let level: Int
  /// Nil for a root that is kept inside the ref.
  package let pointer: BlockPointer?
  package let byteCount: Int
  /// The number of its first row in the version.
  package let firstRow: Int
  /// Children, or slices of a leaf.
  package let entryCount: Int
  package let summary: SliceSummary
  /// A leaf's slices; empty for an inner node.
  package let slices: [SliceEntry]
  /// A leaf's companion nodes, one per column group.
  package let details: [BlockPointer]
}

extension StoredVersion {
  /// All nodes of the index, each before its children: one round of parallel requests per level.
  package func indexNodes() async throws -> [IndexNode] {
    var nodes: [IndexNode] = []
    var round = content.root == .empty ? [] : [Located(root: content.root, firstRow: 0, level: nil)]
    while !round.isEmpty {
      let found = try await mapConcurrently(round, limit: 16) { try await load($0) }
      nodes += found.map(\.node)
      round = found.flatMap(\.children)
    }
    // No node is without rows, so a node is told from its first child by the level alone.
    return nodes.sorted { ($0.firstRow, $1.level) < ($1.firstRow, $0.level) }
  }

  private struct Located: Sendable {
    let root: TreeRoot
    let firstRow: Int
    /// The level that it must have. Levels that fall by one at each step make the walk end, whatever the
    /// bytes say.
    let level: Int?
  }

  private struct Found: Sendable {
    let node: IndexNode
    var children: [Located] = []
  }

  private func load(_ place: Located) async throws -> Found {
    var pointer: BlockPointer?
    var bytes = Bytes.empty
    switch place.root {
    case .empty: break
    case .inline(let inlined): bytes = inlined
    case .block(let block):
      pointer = block
      bytes = try await blocks.get(block)
    }
    let subject = pointer.map { LibraryKeys.block($0, of: blocks.symbol) } ?? "index root in the ref"
    var (reader, level, count) = try TreeNode<IndexContent>.open(bytes, subject: subject)
    if let expected = place.level, level != expected { throw reader.malformed("level \(level) of a child") }
    guard level > 0 else {
      let leaf = try IndexContent.readLeaf(&reader, count: count)
      let records = leaf.slices.map { SliceRecord(entry: $0, details: []) }
      return Found(
        node: IndexNode(
          level: 0, pointer: pointer, byteCount: bytes.count, firstRow: place.firstRow, entryCount: count,
          summary: IndexContent.summary(of: records), slices: leaf.slices, details: leaf.details))
    }
    let children = try TreeNode<IndexContent>.readChildren(&reader, count: count)
    let node = IndexNode(
      level: level, pointer: pointer, byteCount: bytes.count, firstRow: place.firstRow, entryCount: count,
      summary: IndexContent.summary(merging: children.map(\.summary)), slices: [], details: [])
    var firstRow = place.firstRow
    var below: [Located] = []
    for child in children {
      below.append(Located(root: .block(child.pointer), firstRow: firstRow, level: level - 1))
      firstRow += child.summary.rowCount
    }
    return Found(node: node, children: below)
  }

  /// The column chunks of each slice of a leaf, in the order of the columns; no data is read.
  package func columnChunks(of leaf: IndexNode) async throws -> [[ColumnChunk]] {
    let groups = try await mapConcurrently(leaf.details, limit: 16) { pointer in
      let key = LibraryKeys.block(pointer, of: blocks.symbol)
      let detail = try IndexDetail(decoding: try await blocks.get(pointer), subject: key)
      guard detail.slices.count == leaf.slices.count else {
        throw SternaError(
          .corrupt, "index leaf and its detail node disagree about the number of slices", key: key)
      }
      return try detail.slices.map { try SegmentDetail.decode($0, subject: key) }
    }
    return leaf.slices.indices.map { slice in groups.flatMap { $0[slice] } }
  }

  /// The column chunks of the version's tail, which may have rows of later versions, too; none without one.
  package func tailChunks() async throws -> [ColumnChunk] {
    guard let tail = content.tail?.tail else { return [] }
    return try Segment(parsing: try await tail.segment.load(from: blocks), subject: "tail").chunks
  }

  /// The key of a block, inside the library.
  package func key(of pointer: BlockPointer) -> String { LibraryKeys.block(pointer, of: blocks.symbol) }
}
