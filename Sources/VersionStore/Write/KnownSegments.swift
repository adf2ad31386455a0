import SternaBase

/// The segments of the version that a full rewrite replaces: those that come out equal are shared instead
/// of uploaded.
///
/// Equal rows are cut into equal slices wherever they stand, and encoded into equal bytes. So a slice is
/// looked for where it must be: by its range of index values, or, without an index, by its row numbers; and
/// there it is known by its hash. Of a frame without an index that got a row in the middle, what lies
/// before that row is shared and nothing behind it, for there all slices have moved by a row.
struct KnownSegments: Sendable {
  let entry: VersionEntry
  let content: VersionContent
  let blocks: BlockStore

  /// Nil when there is no version with a tree.
  init?(of entry: VersionEntry?, blocks: BlockStore) {
    guard let entry, let content = entry.content, content.root != .empty else { return nil }
    self.entry = entry
    self.content = content
    self.blocks = blocks
  }

  /// The newest live version of a state. What cannot be read is not known.
  static func latest(of state: RefState?, _ blocks: BlockStore) async throws -> KnownSegments? {
    guard let state, !state.isDeleted else { return nil }
    try Task.checkCancellation()
    let history = HistoryReader(blocks: blocks, concurrency: 4)
    return KnownSegments(
      of: try? await history.latestLive(below: state.nextVersion, of: state), blocks: blocks)
  }

  /// The pointer by which the version refers to a segment with these bytes, or nil.
  ///
  /// What cannot be read is not known: a rewrite is also how a damaged symbol is mended.
  func pointer(to segment: BlockPointer, of place: SlicePlace, group: Int) async -> BlockPointer? {
    let reader = TreeReader<IndexContent>(blocks: blocks, concurrency: 4)
    let leaves = try? await reader.leaves(of: content.root) { summary, position in
      guard let keys = place.keys else {
        return position <= place.firstRow && place.firstRow < position + summary.rowCount
      }
      return summary.keys.map { $0.first <= keys.first && keys.last <= $0.last } ?? false
    }
    for found in leaves ?? [] {
      for slice in found.leaf.slices
      where !slice.isPart && slice.rowCount == place.rowCount && slice.keys == place.keys {
        guard slice.segments.indices.contains(group) else { continue }
        let pointer = slice.segments[group]
        if pointer.moved(to: segment.epoch) == segment { return pointer }
      }
    }
    return nil
  }

  /// Whether the version still has its data in a state: then all its blocks may be referred to.
  func isLive(in state: RefState?) async throws -> Bool {
    guard let state, !state.isDeleted else { return false }
    let history = HistoryReader(blocks: blocks, concurrency: 4)
    let now = try await history.entry(entry.number, of: state)
    return now?.commitID == entry.commitID && now?.content?.root == content.root
  }
}
