import Columnar
import SternaBase

/// The slices at the end of a tree that a write of all rows at once would have made one slice of, as far as
/// it can tell: those behind the last cut.
///
///     closed   closed   closed | open   open  open  <- new rows
///                              ^ the last cut
///
/// Appends leave short slices here, and merge them: while the run is open, with the rules of a logarithmic
/// merge (O'Neil, Cheng, Gawlick, O'Neil, "The log-structured merge-tree", Acta Informatica 1996), so that
/// there are few and every row is rewritten few times; at the next cut, all into the one slice that the
/// write would have made. Only the last leaf is looked at: the appender keeps a run together there.
struct OpenRun {
  /// In the order of their rows.
  let records: [SliceRecord]

  init(at edge: RightEdge<IndexContent>, shape: SliceShape) {
    guard case .leaf(let items)? = edge.nodes.last else {
      records = []
      return
    }
    records = Array(items[Self.start(in: items.map(\.entry), shape)...])
  }

  /// The position of the first open slice among those of a leaf.
  static func start(in entries: [SliceEntry], _ shape: SliceShape) -> Int {
    var start = 0
    var rowCount = 0
    for (position, entry) in entries.enumerated() {
      rowCount += entry.rowCount
      let isLast = position + 1 == entries.count
      let next = isLast ? nil : entries[position + 1].keys
      // A run that happens to be complete, but in several slices, waits for the next rows to be merged.
      let isUnmerged = isLast && start < position
      if !isUnmerged, RowSlicer.isCut(rowCount: rowCount, lastKey: entry.keys?.last, before: next, shape) {
        start = position + 1
        rowCount = 0
      }
    }
    return start
  }

  var rowCount: Int { records.reduce(0) { $0 + $1.entry.rowCount } }

  /// Encoded bytes of what is merged at most: slices of long texts are large with few rows.
  private static let byteCountMax = 64 << 20

  /// How many of the last slices are merged with the rows behind them.
  /// - Parameters:
  ///   - added: rows that come behind the run.
  ///   - isClosed: whether the slice that they complete ends with them.
  func mergeCount(with added: Int, isClosed: Bool, shape: SliceShape) -> Int {
    var count = 0
    var (rows, bytes) = (added, 0)
    for entry in records.reversed().map(\.entry) {
      // Merging what is shorter than twice the rest leaves lengths that halve from slice to slice.
      guard isClosed || entry.rowCount < 2 * rows, rows + entry.rowCount <= shape.rowCountMax,
        bytes + entry.byteCount <= Self.byteCountMax
      else { break }
      rows += entry.rowCount
      bytes += entry.byteCount
      count += 1
    }
    return count
  }
}
