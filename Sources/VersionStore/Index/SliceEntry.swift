import SternaBase

/// One row slice of a symbol: which rows, and the segment of each of its column groups.
///
///     rows ↓      columns 0..<g    g..<2g    ...
///     slice 0     [segment]        [segment]
///     slice 1     [segment]        [segment]
///
/// Its rows may be *part* of its segments': an edit keeps what it did not change where it is.
///
///     slice 0     [rows 0..<700 of segment a]
///     slice 1     [segment b]
///     slice 2     [rows 701..<1000 of segment a]
package struct SliceEntry: Hashable, Sendable {
  /// Of the slice's rows; nil for a symbol without an index.
  package var keys: KeyRange?
  /// Which rows of its segments the slice consists of; the same of all column groups.
  package let segmentRows: Range<Int>
  /// Rows of each segment.
  package let segmentRowCount: Int
  /// One per column group, in the order of the columns.
  package var segments: [BlockPointer]

  /// A slice of whole segments.
  package init(keys: KeyRange?, rowCount: Int, segments: [BlockPointer]) {
    self.init(keys: keys, segmentRows: 0..<rowCount, of: rowCount, segments: segments)
  }

  /// - Precondition: the rows are among the segment's.
  package init(keys: KeyRange?, segmentRows: Range<Int>, of segmentRowCount: Int, segments: [BlockPointer])
  {
    precondition(segmentRows.lowerBound >= 0 && segmentRows.upperBound <= segmentRowCount)
    self.keys = keys
    self.segmentRows = segmentRows
    self.segmentRowCount = segmentRowCount
    self.segments = segments
  }

  package var rowCount: Int { segmentRows.count }

  /// Whether its segments have rows that are not the slice's.
  package var isPart: Bool { segmentRows.count < segmentRowCount }

  /// Encoded bytes of its segments; of a part its share of them.
  package var byteCount: Int {
    let whole = segments.reduce(0) { $0 + $1.byteCount }
    guard isPart else { return whole }
    // Full width: both factors come from outside. The quotient is at most `whole`.
    return segmentRowCount.dividingFullWidth(whole.multipliedFullWidth(by: rowCount)).quotient
  }

  /// Some of the slice's rows, by their place in it.
  /// - Parameter keys: of these rows.
  func part(_ rows: Range<Int>, keys: KeyRange?) -> SliceEntry {
    let start = segmentRows.lowerBound
    return SliceEntry(
      keys: keys, segmentRows: (start + rows.lowerBound)..<(start + rows.upperBound), of: segmentRowCount,
      segments: segments)
  }
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

  /// Some of the slice's rows: the details are those of its segments still.
  func part(_ rows: Range<Int>, keys: KeyRange?) -> SliceRecord {
    SliceRecord(entry: entry.part(rows, keys: keys), details: details)
  }
}

/// What an inner node of the index knows about the slices below a child.
package struct SliceSummary: Hashable, Sendable {
  package var keys: KeyRange?
  package var rowCount: Int
  package var sliceCount: Int
  /// Encoded bytes of all segments below; of a part its share of them.
  package var byteCount: Int

  package static let none = SliceSummary(keys: nil, rowCount: 0, sliceCount: 0, byteCount: 0)
}
