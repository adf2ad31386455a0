import Columnar
import SternaBase

/// Consecutive rows of a new version: some of a slice that is there already, or rows that come new.
struct RowStretch: Sendable {
  /// The slice that has the rows; nil for new ones.
  let entry: SliceEntry?
  /// Of the slice, or of the new rows.
  let rows: Range<Int>
  /// Whether the rows go to a new segment. New ones always do.
  var isEncoded: Bool

  /// Rows of a slice.
  init(of entry: SliceEntry, rows: Range<Int>) {
    self.entry = entry
    self.rows = rows
    isEncoded = false
  }

  /// A whole slice.
  init(_ entry: SliceEntry) { self.init(of: entry, rows: 0..<entry.rowCount) }

  /// New rows.
  init(new rows: Range<Int>) {
    entry = nil
    self.rows = rows
    isEncoded = true
  }

  /// Whether the slice was cut for this version.
  var isCut: Bool { entry.map { rows.count < $0.rowCount } ?? false }

  /// Whether the segments have more rows than these.
  var isPart: Bool { entry.map { rows.count < $0.segmentRowCount } ?? false }
}
