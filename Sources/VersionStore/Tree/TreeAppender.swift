import SternaBase

/// The nodes on the right edge of a tree, root first and leaf last; none for an empty tree.
struct RightEdge<Content: TreeContent>: Sendable {
  var root: TreeRoot
  var nodes: [TreeNode<Content>]

  static var empty: RightEdge { RightEdge(root: .empty, nodes: []) }
}

/// The pure part of appending to a tree: from the nodes of its right edge and the new items to the new
/// root.
///
/// From the leaf up, each level does one of three things:
///
/// 1. The last node is below its append fill: it is rewritten with as many new entries as fit, the rest
///    opens new nodes beside it.
/// 2. The last node is at its fill, and none of its entries was rewritten: it stays, new nodes open beside
///    it.
/// 3. The last node is at its fill, but its last entry was rewritten: it is rewritten with that entry
///    exchanged.
///
/// Levels are added on top until one node is left. Nothing off the right edge is touched or even read.
struct TreeAppender<Content: TreeContent> {
  private(set) var pending: PendingBlocks
  private let shape: TreeShape

  init(epoch: UInt64, shape: TreeShape = Content.shape) {
    self.pending = PendingBlocks(epoch: epoch)
    self.shape = shape
  }

  /// Keeps a value beside the tree: inline when it is small, else in a block of its own.
  mutating func store(_ bytes: Bytes) -> StoredValue { StoredValue(storing: bytes, pending: &pending) }

  mutating func store(schema bytes: Bytes) -> StoredValue {
    StoredValue(
      storing: bytes, inlineByteCountMax: StoredValue.inlineSchemaByteCountMax, pending: &pending)
  }

  /// - Parameters:
  ///   - replacedCount: how many of the last leaf's items give way to the new ones.
  ///   - openCount: how many of them, those included, are to stay in one leaf with what comes behind: they
  ///     will be replaced later.
  /// - Returns: the root of the tree with `items` appended; `pending` then holds the blocks it needs.
  mutating func append(
    _ items: [Content.Item], to edge: RightEdge<Content>, replacing replacedCount: Int = 0,
    openCount: Int = 0
  ) -> TreeRoot {
    guard !items.isEmpty else { return edge.root }
    var level = appendLeaf(
      items, to: edge.nodes.last, replacing: replacedCount, openCount: max(openCount, replacedCount))
    for node in edge.nodes.dropLast().reversed() {
      guard case .inner(let number, let children) = node else { preconditionFailure("leaf above a leaf") }
      level = appendInner(level, to: children, level: number)
    }
    return grow(level, on: edge)
  }

  /// Adds levels until one node is left.
  private mutating func grow(_ level: Level, on edge: RightEdge<Content>) -> TreeRoot {
    if level.replacesLast, level.nodes.count == 1 { return root(of: level.nodes[0]) }
    var children = level.nodes.map { child(of: $0) }
    if !level.replacesLast, let oldRoot = edge.nodes.first {
      // A root that is a block already keeps its place; an inline one now needs a block of its own.
      if case .block(let pointer) = edge.root {
        children.insert(TreeChild(pointer: pointer, summary: oldRoot.summary), at: 0)
      } else {
        children.insert(child(of: oldRoot), at: 0)
      }
    }
    var number = edge.nodes.first?.level ?? 0
    while true {
      number += 1
      let nodes = chunks(of: children, shape.innerCountMax).map {
        TreeNode<Content>.inner(level: number, $0)
      }
      if nodes.count == 1 { return root(of: nodes[0]) }
      children = nodes.map { child(of: $0) }
    }
  }

  /// The outcome of one level: nodes that stand in the place of the old last node, or beside it.
  private struct Level {
    var nodes: [TreeNode<Content>]
    /// False when the old last node stays as it is and `nodes` come behind it.
    var replacesLast: Bool
  }

  private mutating func appendLeaf(
    _ items: [Content.Item], to last: TreeNode<Content>?, replacing replacedCount: Int, openCount: Int
  ) -> Level {
    guard case .leaf(let old)? = last else {
      return Level(nodes: chunks(of: items, shape.leafCountMax).map { .leaf($0) }, replacesLast: true)
    }
    let closed = old.dropLast(openCount)
    let behind = old.suffix(openCount).dropLast(replacedCount) + items
    guard closed.count >= shape.leafAppendFill else {
      return Level(
        nodes: chunks(of: Array(closed + behind), shape.leafCountMax).map { .leaf($0) }, replacesLast: true)
    }
    // A leaf at its fill stays as it is, or is written a last time without the items that move on.
    let kept: [TreeNode<Content>] = openCount > 0 ? [.leaf(Array(closed))] : []
    let fresh = chunks(of: Array(behind), shape.leafCountMax).map { TreeNode<Content>.leaf($0) }
    return Level(nodes: kept + fresh, replacesLast: openCount > 0)
  }

  private mutating func appendInner(
    _ below: Level, to children: [TreeChild<Content>], level number: Int
  ) -> Level {
    let added = below.nodes.map { child(of: $0) }
    let fresh = !below.replacesLast && children.count >= shape.innerAppendFill
    let kept = fresh ? [] : below.replacesLast ? Array(children.dropLast()) : children
    let nodes = chunks(of: kept + added, shape.innerCountMax)
      .map { TreeNode<Content>.inner(level: number, $0) }
    return Level(nodes: nodes, replacesLast: !fresh)
  }

  /// The nodes that stand in the place of a level's, after the children that held the run gave way to
  /// `nodes`.
  mutating func replacing(
    _ level: [ConcernedNode<Content>], by nodes: [TreeNode<Content>]
  ) -> [TreeNode<Content>] {
    guard case .inner(let number, _)? = level.first?.node else { return nodes }
    let added = nodes.map { child(of: $0) }
    let first = level.firstIndex { !$0.concerned.isEmpty }
    var children: [TreeChild<Content>] = []
    for (position, node) in level.enumerated() {
      children += node.children[..<node.concerned.lowerBound]
      if position == first { children += added }
      children += node.children[node.concerned.upperBound...]
    }
    return evenChunks(of: children, shape.innerCountMax).map { .inner(level: number, $0) }
  }

  func leaves(of items: [Content.Item]) -> [TreeNode<Content>] {
    evenChunks(of: items, shape.leafCountMax).map { .leaf($0) }
  }

  /// The root of a tree whose topmost nodes are these; a chain of single children is cut short.
  mutating func root(over nodes: [TreeNode<Content>]) -> TreeRoot {
    switch nodes.count {
    case 0: return .empty
    case 1:
      if case .inner(_, let children) = nodes[0], children.count == 1 { return .block(children[0].pointer) }
      return root(of: nodes[0])
    default:
      let children = nodes.map { child(of: $0) }
      let number = nodes[0].level + 1
      return root(over: evenChunks(of: children, shape.innerCountMax).map { .inner(level: number, $0) })
    }
  }

  private mutating func child(of node: TreeNode<Content>) -> TreeChild<Content> {
    let bytes = node.encode(pending: &pending)
    return TreeChild(pointer: pending.add(Content.blockKind, bytes), summary: node.summary)
  }

  private mutating func root(of node: TreeNode<Content>) -> TreeRoot {
    let bytes = node.encode(pending: &pending)
    return bytes.count <= TreeRoot.inlineByteCountMax
      ? .inline(bytes) : .block(pending.add(Content.blockKind, bytes))
  }

  /// As few chunks as `countMax` allows, all of about the same size: an edit leaves no crumbs behind.
  private func evenChunks<Element>(of elements: [Element], _ countMax: Int) -> [[Element]] {
    let chunkCount = (elements.count + countMax - 1) / countMax
    return (0..<chunkCount).map {
      Array(elements[(elements.count * $0 / chunkCount)..<(elements.count * ($0 + 1) / chunkCount)])
    }
  }

  private func chunks<Element>(of elements: [Element], _ countMax: Int) -> [[Element]] {
    stride(from: 0, to: elements.count, by: countMax).map {
      Array(elements[$0..<min($0 + countMax, elements.count)])
    }
  }
}
