import SternaBase

/// Walks a tree of blocks from its root: one round of parallel requests per level, nodes that a question
/// cannot concern are never fetched.
struct TreeReader<Content: TreeContent>: Sendable {
  let blocks: BlockStore
  /// Requests in flight at once.
  let concurrency: Int

  /// A leaf that was reached, and the position (rows or versions) of its first entry in the whole tree.
  struct FoundLeaf: Sendable {
    let position: Int
    let leaf: Content.Leaf
  }

  /// The leaves below all children for which `isWanted(summary, position of its first entry)` holds, in
  /// order.
  func leaves(
    of root: TreeRoot, where isWanted: @escaping @Sendable (Content.Summary, Int) -> Bool
  ) async throws -> [FoundLeaf] {
    var frontier: [Located<TreeRoot>] =
      root == .empty ? [] : [Located(position: 0, value: root, levelExpected: nil)]
    var found: [FoundLeaf] = []
    // All leaves are at the same depth, so a round yields either inner nodes or leaves.
    while !frontier.isEmpty {
      let nodes = try await mapConcurrently(frontier, limit: concurrency) { try await load($0) }
      frontier = []
      for node in nodes {
        switch node.value {
        case .leaf(let leaf): found.append(FoundLeaf(position: node.position, leaf: leaf))
        case .inner(let level, let children):
          var position = node.position
          for child in children {
            if isWanted(child.summary, position) {
              frontier.append(
                Located(position: position, value: .block(child.pointer), levelExpected: level - 1))
            }
            position += Content.positions(in: child.summary)
          }
        }
      }
    }
    return found
  }

  /// The last leaf that can hold an entry for which `isWanted` holds, by one request per level.
  ///
  /// - Parameter isWanted: true for the children up to some point and false behind it.
  func lastLeaf(
    of root: TreeRoot, where isWanted: @Sendable (Content.Summary) -> Bool
  ) async throws -> Content.Leaf? {
    guard case .leaf(let leaf)? = try await path(from: root, toLastWhere: isWanted).last else { return nil }
    return leaf
  }

  /// The right edge, complete for editing.
  func rightEdge(of root: TreeRoot) async throws -> RightEdge<Content> {
    var edge = RightEdge<Content>(root: root, nodes: [])
    for node in try await path(from: root, toLastWhere: { _ in true }) {
      edge.nodes.append(try await editable(node))
    }
    return edge
  }

  /// One node, complete for editing.
  /// - Parameter level: the level that it must have; nil for a root.
  func node(_ root: TreeRoot, level: Int? = nil) async throws -> TreeNode<Content> {
    try await editable(try await load(Located(position: 0, value: root, levelExpected: level)).value)
  }

  private func editable(_ node: Loaded) async throws -> TreeNode<Content> {
    switch node {
    case .leaf(let leaf): .leaf(try await Content.items(of: leaf, blocks: blocks))
    case .inner(let level, let children): .inner(level: level, children)
    }
  }

  private func path(
    from root: TreeRoot, toLastWhere isWanted: @Sendable (Content.Summary) -> Bool
  ) async throws -> [Loaded] {
    guard root != .empty else { return [] }
    var path: [Loaded] = []
    var next: Located<TreeRoot>? = Located(position: 0, value: root, levelExpected: nil)
    while let current = next {
      let node = try await load(current).value
      path.append(node)
      next = nil
      if case .inner(let level, let children) = node {
        next = children.last { isWanted($0.summary) }
          .map { Located(position: 0, value: .block($0.pointer), levelExpected: level - 1) }
      }
    }
    return path
  }

  private struct Located<Value: Sendable>: Sendable {
    let position: Int
    let value: Value
    /// The level that a child must have; nil for a root, which may have any.
    let levelExpected: Int?
  }

  private enum Loaded: Sendable {
    case leaf(Content.Leaf)
    case inner(level: Int, [TreeChild<Content>])
  }

  private func load(_ node: Located<TreeRoot>) async throws -> Located<Loaded> {
    let bytes: Bytes
    let subject: String
    switch node.value {
    case .empty: preconditionFailure("an empty tree has no nodes")
    case .inline(let inlined): (bytes, subject) = (inlined, "inline \(Content.blockKind) of the ref")
    case .block(let pointer):
      bytes = try await blocks.get(pointer)
      subject = LibraryKeys.block(pointer, of: blocks.symbol)
    }
    var (reader, level, count) = try TreeNode<Content>.open(bytes, subject: subject)
    // Levels that fall by one at each step make every walk end, whatever the bytes say.
    if let expected = node.levelExpected, level != expected {
      throw reader.malformed("level \(level) of a child")
    }
    let loaded: Loaded =
      level == 0
      ? .leaf(try Content.readLeaf(&reader, count: count))
      : .inner(level: level, try TreeNode<Content>.readChildren(&reader, count: count))
    return Located(position: node.position, value: loaded, levelExpected: nil)
  }
}
