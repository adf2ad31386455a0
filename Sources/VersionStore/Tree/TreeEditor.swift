import SternaBase

/// Replaces a run of consecutive items in the middle of a tree: only the leaves that hold the run and the
/// nodes above them are read and written, everything else is shared with the old tree.
///
///     level 1    [ a  b  c  d ]  [ e  f ]          leaves c, d, e hold the run
///                      '--- run ---'
///                [ a  b  x  y  f ]                 their items, edited, are cut anew into x, y
///
/// The run's leaves are joined, edited and cut again into leaves of equal size; the same happens one level
/// up with the nodes that held them. A root with a single child gives way to it.
struct TreeEditor<Content: TreeContent>: Sendable {
  let blocks: BlockStore
  let concurrency: Int
  var shape = Content.shape

  struct Result: Sendable {
    var root: TreeRoot
    /// Of the whole tree; nil when it became empty.
    var summary: Content.Summary?
    var pending: PendingBlocks
  }

  /// - Parameters:
  ///   - holdsRun: whether a child may hold items of the run; true for one stretch of children. Where it is
  ///     true of none, the edit takes place in the last leaf for which `isBefore` holds, else in the first.
  ///   - isBefore: whether a child begins before the run; true up to some point and false behind it.
  ///   - edit: the items of the leaves concerned, and what stands in their place.
  func edit(
    _ root: TreeRoot, epoch: UInt64, holdsRun: @escaping @Sendable (Content.Summary) -> Bool,
    isBefore: @escaping @Sendable (Content.Summary) -> Bool,
    _ edit: ([Content.Item]) throws -> [Content.Item]
  ) async throws -> Result {
    let opened = try await open(root, holdsRun: holdsRun, isBefore: isBefore)
    return close(opened, with: try edit(opened.items), epoch: epoch)
  }

  /// The nodes that an edit concerns, complete for editing.
  struct Opened: Sendable {
    /// From the root down; the last are the leaves. None of an empty tree.
    fileprivate let levels: [[ConcernedNode<Content>]]

    /// The items of the leaves concerned.
    var items: [Content.Item] { levels.last?.flatMap(\.items) ?? [] }
  }

  /// The first half of an edit: see there.
  func open(
    _ root: TreeRoot, holdsRun: @escaping @Sendable (Content.Summary) -> Bool,
    isBefore: @escaping @Sendable (Content.Summary) -> Bool
  ) async throws -> Opened {
    guard root != .empty else { return Opened(levels: []) }
    return Opened(levels: try await spread(from: root, holdsRun: holdsRun, isBefore: isBefore))
  }

  /// The second half: `items` stand in the place of those that were opened.
  func close(_ opened: Opened, with items: [Content.Item], epoch: UInt64) -> Result {
    var appender = TreeAppender<Content>(epoch: epoch, shape: shape)
    var nodes = appender.leaves(of: items)
    for level in opened.levels.dropLast().reversed() { nodes = appender.replacing(level, by: nodes) }
    return result(of: nodes, &appender)
  }

  private func result(of nodes: [TreeNode<Content>], _ appender: inout TreeAppender<Content>) -> Result {
    let summary = nodes.isEmpty ? nil : Content.summary(merging: nodes.map(\.summary))
    let root = appender.root(over: nodes)
    return Result(root: root, summary: summary, pending: appender.pending)
  }

  /// The nodes of each level that have to do with the run, from the root down: in the end, the leaves.
  private func spread(
    from root: TreeRoot, holdsRun: @escaping @Sendable (Content.Summary) -> Bool,
    isBefore: @escaping @Sendable (Content.Summary) -> Bool
  ) async throws -> [[ConcernedNode<Content>]] {
    let reader = TreeReader<Content>(blocks: blocks, concurrency: concurrency)
    var levels: [[ConcernedNode<Content>]] = []
    var frontier = [try await reader.node(root)]
    while case .inner(let number, _)? = frontier.first {
      var level = frontier.map { ConcernedNode(node: $0, concerned: $0.positions(where: holdsRun)) }
      if level.allSatisfy(\.concerned.isEmpty) {
        // Between two children, or outside of all: one neighbour is opened to take the items.
        level[0] = ConcernedNode(node: frontier[0], concerned: frontier[0].neighbour(isBefore: isBefore))
      }
      levels.append(level)
      frontier = try await mapConcurrently(level.flatMap(\.concernedChildren), limit: concurrency) {
        try await reader.node($0, below: number)
      }
    }
    levels.append(frontier.map { ConcernedNode(node: $0, concerned: 0..<0) })
    return levels
  }
}

/// A node that holds part of a run, and which of its children do.
struct ConcernedNode<Content: TreeContent>: Sendable {
  let node: TreeNode<Content>
  let concerned: Range<Int>

  var children: [TreeChild<Content>] {
    guard case .inner(_, let children) = node else { return [] }
    return children
  }

  var items: [Content.Item] {
    guard case .leaf(let items) = node else { return [] }
    return items
  }

  var concernedChildren: [TreeChild<Content>] { Array(children[concerned]) }
}

extension TreeNode {
  fileprivate func positions(where holdsRun: (Content.Summary) -> Bool) -> Range<Int> {
    guard case .inner(_, let children) = self,
      let first = children.firstIndex(where: { holdsRun($0.summary) }),
      let last = children.lastIndex(where: { holdsRun($0.summary) })
    else { return 0..<0 }
    return first..<(last + 1)
  }

  fileprivate func neighbour(isBefore: (Content.Summary) -> Bool) -> Range<Int> {
    guard case .inner(_, let children) = self else { return 0..<0 }
    let position = children.lastIndex { isBefore($0.summary) } ?? 0
    return position..<(position + 1)
  }
}
