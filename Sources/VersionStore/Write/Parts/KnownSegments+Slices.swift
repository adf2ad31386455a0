import SternaBase

extension KnownSegments {
  /// A slice of the version.
  struct FoundSlice: Sendable {
    let entry: SliceEntry
    /// The number of its first row in the version.
    let firstRow: Int
    fileprivate let leaf: IndexContent.Leaf
    fileprivate let positionInLeaf: Int
  }

  /// The slices with rows where a new slice's are: of the same index values, or, without an index, of the
  /// same numbers.
  func slices(over place: SlicePlace) async throws -> [FoundSlice] {
    @Sendable func concerns(_ keys: KeyRange?, _ rows: Range<Int>) -> Bool {
      guard let wanted = place.keys else { return rows.overlaps(place.rows) }
      return keys.map { $0.overlaps(wanted.first...wanted.last) } ?? false
    }
    let reader = TreeReader<IndexContent>(blocks: blocks, concurrency: 4)
    let leaves = try await reader.leaves(of: content.root) { summary, position in
      concerns(summary.keys, position..<(position + summary.rowCount))
    }
    var found: [FoundSlice] = []
    for located in leaves {
      var row = located.position
      for (position, entry) in located.leaf.slices.enumerated() {
        if concerns(entry.keys, row..<(row + entry.rowCount)) {
          found.append(
            FoundSlice(entry: entry, firstRow: row, leaf: located.leaf, positionInLeaf: position))
        }
        row += entry.rowCount
      }
    }
    return found
  }

  /// The slices with the details of their segments.
  func records(of slices: [FoundSlice]) async throws -> [SliceRecord] {
    var items: [[BlockPointer]: [SliceRecord]] = [:]
    var records: [SliceRecord] = []
    for slice in slices {
      if items[slice.leaf.details] == nil {
        items[slice.leaf.details] = try await IndexContent.items(of: slice.leaf, blocks: blocks)
      }
      // Leaves that share their details may differ in all else.
      guard let known = items[slice.leaf.details], known.indices.contains(slice.positionInLeaf) else {
        throw SternaError(.corrupt, "index leaf and its detail nodes disagree about the number of slices")
      }
      records.append(SliceRecord(entry: slice.entry, details: known[slice.positionInLeaf].details))
    }
    return records
  }
}
