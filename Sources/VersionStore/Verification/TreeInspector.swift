import SternaBase

/// Walks trees of blocks and holds every parent's word about a child against the child.
///
/// A node is read once however many versions share it; what each of its parents says of it is compared each
/// time. So by induction every summary, up to the version's own, is that of the rows below.
struct TreeInspector<Content: TreeContent>: Sendable where Content.Summary: Hashable {
  /// One step down: from a version, or from a parent node.
  struct Edge: Sendable {
    let root: TreeRoot
    /// Nil where nothing is said.
    let stated: Content.Summary?
    let levelExpected: Int?
    /// The object that the pointer stands in.
    let parentKey: String
    let location: String
  }

  struct FoundLeaf: Sendable {
    let leaf: Content.Leaf
    let key: String
    let location: String
  }

  /// What must hold between consecutive summaries; nil when it does.
  let disorder: @Sendable (Content.Summary, Content.Summary) -> String?
  /// The summary of a leaf as it was read.
  let summarize: @Sendable (Content.Leaf) -> Content.Summary
  let concurrency: Int

  private var known: [BlockName: Content.Summary] = [:]

  init(
    concurrency: Int, summarize: @escaping @Sendable (Content.Leaf) -> Content.Summary,
    disorder: @escaping @Sendable (Content.Summary, Content.Summary) -> String?
  ) {
    self.concurrency = concurrency
    self.summarize = summarize
    self.disorder = disorder
  }

  /// - Returns: the leaves that were not found by an earlier walk, in no particular order.
  mutating func walk(_ edges: [Edge], _ inspector: inout BlockInspector) async throws -> [FoundLeaf] {
    var leaves: [FoundLeaf] = []
    var frontier = edges
    while !frontier.isEmpty {
      var wanted: [Edge] = []
      var judged: [Edge] = []
      for edge in frontier {
        switch edge.root {
        case .empty: continue
        case .inline: wanted.append(edge)
        case .block(let pointer):
          if inspector.reach(pointer, location: edge.location) { wanted.append(edge) }
          judged.append(edge)
        }
      }
      let reader = inspector
      let nodes = try await mapConcurrently(wanted, limit: concurrency) { try await Self.load($0, reader) }
      frontier = []
      for (edge, node) in zip(wanted, nodes) {
        switch node {
        case .failure(let found): inspector.report(found.problem)
        case .success(let node): frontier += take(node, edge, &leaves, &inspector)
        }
      }
      for edge in judged { judge(edge, &inspector) }
    }
    return leaves
  }

  private enum Node: Sendable {
    case leaf(Content.Leaf)
    case inner(level: Int, [TreeChild<Content>])
  }

  private static func load(
    _ edge: Edge, _ inspector: BlockInspector
  ) async throws -> Result<Node, BlockInspector.Found> {
    let reader = TreeReader<Content>(blocks: inspector.blocks, concurrency: 1)
    do {
      let located = TreeReader<Content>.Located<TreeRoot>(
        position: 0, value: edge.root, expected: edge.levelExpected.map { .init(level: $0) })
      switch try await reader.load(located).value {
      case .leaf(let leaf): return .success(.leaf(leaf))
      case .inner(let level, let children): return .success(.inner(level: level, children))
      }
    } catch {
      return .failure(
        try BlockInspector.problem(
          SternaError(wrapping: error), key: Self.key(of: edge, inspector), location: edge.location))
    }
  }

  private static func key(of edge: Edge, _ inspector: BlockInspector) -> String {
    guard case .block(let pointer) = edge.root else { return edge.parentKey }
    return inspector.key(pointer)
  }

  /// Takes in a node that was read; returns the steps further down.
  private mutating func take(
    _ node: Node, _ edge: Edge, _ leaves: inout [FoundLeaf], _ inspector: inout BlockInspector
  ) -> [Edge] {
    let key = Self.key(of: edge, inspector)
    let summary: Content.Summary
    var below: [Edge] = []
    switch node {
    case .leaf(let leaf):
      leaves.append(FoundLeaf(leaf: leaf, key: key, location: edge.location))
      summary = summarize(leaf)
    case .inner(let level, let children):
      summary = Content.summary(merging: children.map(\.summary))
      for (left, right) in zip(children, children.dropFirst()) {
        guard let what = disorder(left.summary, right.summary) else { continue }
        inspector.report(VerificationProblem(.inconsistent, key: key, what, location: edge.location))
      }
      below = children.map { child in
        Edge(
          root: .block(child.pointer), stated: child.summary, levelExpected: level - 1, parentKey: key,
          location: edge.location)
      }
    }
    if case .block(let pointer) = edge.root {
      known[BlockName(pointer)] = summary
    } else {
      compare(summary, edge, &inspector)
    }
    return below
  }

  private func judge(_ edge: Edge, _ inspector: inout BlockInspector) {
    guard case .block(let pointer) = edge.root, let summary = known[BlockName(pointer)] else { return }
    compare(summary, edge, &inspector)
  }

  private func compare(_ summary: Content.Summary, _ edge: Edge, _ inspector: inout BlockInspector) {
    guard let stated = edge.stated, stated != summary else { return }
    let what = "it says \(stated) of \(Self.key(of: edge, inspector)), which has \(summary)"
    inspector.report(VerificationProblem(.inconsistent, key: edge.parentKey, what, location: edge.location))
  }
}
