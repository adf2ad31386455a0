import Columnar
import SternaBase

/// Every block of one symbol that something can still lead to.
///
///     ref ──► history tree ──► entries ──┐
///      └────► recent entries ────────────┼──► index tree ──► detail nodes, segments
///     snapshots ──► members ─────────────┘──► stored schema, stored metadata, flushed tail
///
/// - Invariant: a block is in the set before anything below it is read. A subtree that many versions share
///   is walked once.
package struct ReachableBlocks: Sendable {
  package private(set) var names: Set<BlockName> = []
  let blocks: BlockStore
  let concurrency: Int

  init(blocks: BlockStore, concurrency: Int) {
    self.blocks = blocks
    self.concurrency = concurrency
  }

  package func contains(_ name: BlockName) -> Bool { names.contains(name) }

  /// Marks what a ref reaches: every version that has content in it, and the nodes of its history.
  mutating func mark(_ state: RefState) async throws {
    var contents = state.recent.compactMap(\.content)
    try await walk(HistoryContent.self, from: [state.history]) { _, leaf in
      contents += leaf.map(state.judged).compactMap(\.content)
    }
    try await mark(contents)
  }

  /// Marks what versions consist of.
  mutating func mark(_ contents: [VersionContent]) async throws {
    for content in contents {
      mark(content.schema)
      if let metadata = content.metadata { mark(metadata) }
      if let tail = content.tail { mark(tail.tail.segment) }
    }
    try await walk(IndexContent.self, from: contents.map(\.root)) { names, leaf in
      for pointer in leaf.details { names.insert(BlockName(pointer)) }
      for slice in leaf.slices {
        for segment in slice.segments { names.insert(BlockName(segment)) }
      }
    }
  }

  private mutating func mark(_ value: StoredValue) {
    if case .block(let pointer) = value { names.insert(BlockName(pointer)) }
  }

  /// Walks trees level by level; a node that is marked already was walked before.
  private mutating func walk<Content: TreeContent>(
    _: Content.Type, from roots: [TreeRoot], visit: (inout Set<BlockName>, Content.Leaf) -> Void
  ) async throws {
    typealias Located = TreeReader<Content>.Located<TreeRoot>
    let reader = TreeReader<Content>(blocks: blocks, concurrency: concurrency)
    var frontier = Set(roots.filter { isNew($0) }).map {
      Located(position: 0, value: $0, expected: nil)
    }
    while !frontier.isEmpty {
      let nodes = try await mapConcurrently(frontier, limit: concurrency) {
        try await reader.load($0).value
      }
      frontier = []
      for node in nodes {
        switch node {
        case .leaf(let leaf): visit(&names, leaf)
        case .inner(let level, let children):
          for child in children where isNew(.block(child.pointer)) {
            frontier.append(
              Located(
                position: 0, value: .block(child.pointer), expected: .init(child, below: level)))
          }
        }
      }
    }
  }

  /// Marks a root, and says whether it has still to be walked.
  private mutating func isNew(_ root: TreeRoot) -> Bool {
    switch root {
    case .empty: false
    case .inline: true
    case .block(let pointer): names.insert(BlockName(pointer)).inserted
    }
  }
}
