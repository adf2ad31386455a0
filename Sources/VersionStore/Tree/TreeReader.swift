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
      root == .empty ? [] : [Located(position: 0, value: root, expected: nil)]
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
                Located(
                  position: position, value: .block(child.pointer), expected: Expected(child, below: level))
              )
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

  /// A root, complete for editing.
  func node(_ root: TreeRoot) async throws -> TreeNode<Content> {
    try await editable(try await load(Located(position: 0, value: root, expected: nil)).value)
  }

  /// The child of a node of the given level, complete for editing.
  func node(_ child: TreeChild<Content>, below level: Int) async throws -> TreeNode<Content> {
    let located = Located<TreeRoot>(
      position: 0, value: .block(child.pointer), expected: Expected(child, below: level))
    return try await editable(try await load(located).value)
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
    var next: Located<TreeRoot>? = Located(position: 0, value: root, expected: nil)
    while let current = next {
      let node = try await load(current).value
      path.append(node)
      next = nil
      if case .inner(let level, let children) = node {
        next = children.last { isWanted($0.summary) }
          .map { Located(position: 0, value: .block($0.pointer), expected: Expected($0, below: level)) }
      }
    }
    return path
  }

  struct Located<Value: Sendable>: Sendable {
    let position: Int
    let value: Value
    /// Nil for a root, which may be anything.
    let expected: Expected?
  }

  /// What a child must be for its parent to have told the truth.
  struct Expected: Sendable {
    /// Levels that fall by one at each step make every walk end, whatever the bytes say.
    let level: Int
    /// Rows or versions: a child with more would give its rows the numbers of its neighbours'. Nil where
    /// the reader compares for itself.
    let positionCount: Int?

    init(level: Int) {
      self.level = level
      positionCount = nil
    }

    init(_ child: TreeChild<Content>, below level: Int) {
      self.level = level - 1
      positionCount = Content.positions(in: child.summary)
    }
  }

  enum Loaded: Sendable {
    case leaf(Content.Leaf)
    case inner(level: Int, [TreeChild<Content>])

    var positionCount: Int {
      switch self {
      case .leaf(let leaf): Content.positions(in: leaf)
      case .inner(_, let children): children.reduce(0) { $0 + Content.positions(in: $1.summary) }
      }
    }
  }

  /// Waiting and parsing are apart on purpose. In one function the optimiser (Swift 6.3) reserved too small
  /// a frame across the wait, and parsing wrote behind it: an append in a release build corrupted the heap.
  func load(_ node: Located<TreeRoot>) async throws -> Located<Loaded> {
    switch node.value {
    case .empty: preconditionFailure("an empty tree has no nodes")
    case .inline(let bytes): return try parse(bytes, as: node, "inline \(Content.blockKind) of the ref")
    case .block(let pointer):
      let bytes = try await blocks.get(pointer)
      return try parse(bytes, as: node, LibraryKeys.block(pointer, of: blocks.symbol))
    }
  }

  @inline(never)
  private func parse(_ bytes: Bytes, as node: Located<TreeRoot>, _ subject: String) throws -> Located<
    Loaded
  > {
    var (reader, level, count) = try TreeNode<Content>.open(bytes, subject: subject)
    if let expected = node.expected, level != expected.level {
      throw reader.malformed("level \(level) of a child")
    }
    let loaded: Loaded =
      level == 0
      ? .leaf(try Content.readLeaf(&reader, count: count))
      : .inner(level: level, try TreeNode<Content>.readChildren(&reader, count: count))
    if let stated = node.expected?.positionCount, loaded.positionCount != stated {
      throw reader.malformed("\(loaded.positionCount) rows, its parent says \(stated)")
    }
    return Located(position: node.position, value: loaded, expected: nil)
  }
}
