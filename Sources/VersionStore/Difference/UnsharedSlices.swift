import SternaBase

/// The slices of two versions that are not in both: what has to be read to tell how they differ.
///
///     old   [ . . a . ]        equal subtrees have equal hashes, and are left out unread: with a change
///     new   [ . . b . c ]      in one slice of a million, a path of nodes on each side is all that is read
struct UnsharedSlices: Sendable {
  /// Where the rows of a slice are.
  struct Place: Sendable {
    let keys: KeyRange?
    let rows: Range<Int>
  }

  var old: [Place] = []
  var new: [Place] = []

  /// One of the two versions.
  struct Side: Sendable {
    let content: VersionContent
    let blocks: BlockStore
  }

  /// - Parameter hasIndex: without one, rows are the same only where they have the same number.
  static func find(
    _ old: Side, _ new: Side, hasIndex: Bool, concurrency: Int
  ) async throws -> UnsharedSlices {
    var (left, right) = (
      Walk(old, hasIndex: hasIndex, concurrency: concurrency),
      Walk(new, hasIndex: hasIndex, concurrency: concurrency)
    )
    removeCommon(&left.nodes, &right.nodes) { $0.identity }
    try await left.openRoot()
    try await right.openRoot()
    // Equal nodes are at equal heights, so the higher ones are compared, and opened, first.
    while let level = (left.nodes + right.nodes).map(\.level).max() {
      removeCommon(&left.nodes, &right.nodes) { $0.identity }
      try await left.open(level)
      try await right.open(level)
    }
    removeCommon(&left.slices, &right.slices) { $0.identity }
    return UnsharedSlices(old: left.slices.map(\.place), new: right.slices.map(\.place))
  }

  /// Takes out what is on both sides, as often as it is on both.
  private static func removeCommon<Element, Identity: Hashable>(
    _ left: inout [Element], _ right: inout [Element], by identity: (Element) -> Identity
  ) {
    func counts(_ elements: [Element]) -> [Identity: Int] {
      elements.reduce(into: [:]) { $0[identity($1), default: 0] += 1 }
    }
    let common = counts(left).merging(counts(right)) { -min($0, $1) }.filter { $0.value < 0 }
    func remove(_ elements: inout [Element]) {
      var rest = common
      elements.removeAll { element in
        guard let count = rest[identity(element)], count < 0 else { return false }
        rest[identity(element)] = count + 1
        return true
      }
    }
    remove(&left)
    remove(&right)
  }
}

/// The walk down one of the trees.
private struct Walk: Sendable {
  struct Identity: Hashable {
    let digests: [SHA256Digest]
    /// Of a slice, in its segments: two parts of one segment differ by them.
    let rows: Range<Int>
    /// Nil where an index tells rows apart.
    let position: Int?
    let keys: KeyRange?
  }

  struct Node: Sendable {
    let located: TreeReader<IndexContent>.Located<TreeRoot>
    let level: Int
    let identity: Identity
  }

  struct Slice: Sendable {
    let place: UnsharedSlices.Place
    let identity: Identity
  }

  private let hasIndex: Bool
  private let reader: TreeReader<IndexContent>
  /// Not opened yet.
  var nodes: [Node] = []
  var slices: [Slice] = []

  init(_ side: UnsharedSlices.Side, hasIndex: Bool, concurrency: Int) {
    self.hasIndex = hasIndex
    reader = TreeReader(blocks: side.blocks, concurrency: concurrency)
    let content = side.content
    if content.root != .empty {
      let digest: SHA256Digest =
        switch content.root {
        case .block(let pointer): pointer.digest
        case .inline(let bytes): SHA256Digest(hashing: bytes)
        case .empty: SHA256Digest(hashing: Bytes.empty)
        }
      nodes = [
        Node(
          located: .init(position: 0, value: content.root, expected: nil), level: .max,
          identity: identity([digest], 0..<content.treeSummary.rowCount, at: 0, keys: nil))
      ]
    }
    guard let tail = content.tail else { return }
    let digest: SHA256Digest =
      switch tail.tail.segment {
      case .block(let pointer): pointer.digest
      case .inline(let bytes): SHA256Digest(hashing: bytes)
      }
    let start = content.treeSummary.rowCount
    slices = [slice(tail.keys, [digest], 0..<tail.rowCount, at: start)]
  }

  private func identity(
    _ digests: [SHA256Digest], _ rows: Range<Int>, at position: Int, keys: KeyRange?
  ) -> Identity {
    Identity(digests: digests, rows: rows, position: hasIndex ? nil : position, keys: keys)
  }

  /// - Parameters:
  ///   - rows: of the segments.
  ///   - position: of the first of them in the version.
  private func slice(
    _ keys: KeyRange?, _ digests: [SHA256Digest], _ rows: Range<Int>, at position: Int
  ) -> Slice {
    Slice(
      place: .init(keys: keys, rows: position..<(position + rows.count)),
      identity: identity(digests, rows, at: position, keys: keys))
  }

  mutating func openRoot() async throws { try await open(.max) }

  /// Opens all nodes of a level.
  mutating func open(_ level: Int) async throws {
    let opened = nodes.filter { $0.level == level }
    nodes.removeAll { $0.level == level }
    let reader = reader
    let loaded = try await mapConcurrently(opened.map(\.located), limit: reader.concurrency) {
      try await reader.load($0)
    }
    for node in loaded {
      var position = node.position
      switch node.value {
      case .leaf(let leaf):
        for entry in leaf.slices {
          slices.append(
            slice(entry.keys, entry.segments.map(\.digest), entry.segmentRows, at: position))
          position += entry.rowCount
        }
      case .inner(let level, let children):
        for child in children {
          nodes.append(
            Node(
              located: .init(
                position: position, value: .block(child.pointer), expected: .init(child, below: level)),
              level: level - 1,
              identity: identity(
                [child.pointer.digest], 0..<child.summary.rowCount, at: position, keys: nil)))
          position += child.summary.rowCount
        }
      }
    }
  }
}
