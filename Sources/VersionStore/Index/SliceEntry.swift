import SternaBase

/// One row slice of a symbol: which rows, and the segment of each of its column groups.
///
///     rows ↓      columns 0..<g    g..<2g    ...
///     slice 0     [segment]        [segment]
///     slice 1     [segment]        [segment]
package struct SliceEntry: Hashable, Sendable {
  /// Nil for a symbol without an index.
  package var keys: KeyRange?
  package var rowCount: Int
  /// One per column group, in the order of the columns.
  package var segments: [BlockPointer]

  package init(keys: KeyRange?, rowCount: Int, segments: [BlockPointer]) {
    self.keys = keys
    self.rowCount = rowCount
    self.segments = segments
  }

  package var byteCount: Int { segments.reduce(0) { $0 + $1.byteCount } }
}

/// A slice with the column details that go to the companion nodes of its leaf: what an editor of the tree
/// holds.
package struct SliceRecord: Sendable {
  package var entry: SliceEntry
  /// One per column group: the encoded chunk descriptors of its segment.
  package var details: [Bytes]

  package init(entry: SliceEntry, details: [Bytes]) {
    self.entry = entry
    self.details = details
  }
}

/// What an inner node of the index knows about the slices below a child.
package struct SliceSummary: Hashable, Sendable {
  package var keys: KeyRange?
  package var rowCount: Int
  package var sliceCount: Int
  /// Encoded bytes of all segments below.
  package var byteCount: Int

  package static let none = SliceSummary(keys: nil, rowCount: 0, sliceCount: 0, byteCount: 0)
}
