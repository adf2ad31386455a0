import Columnar
import SternaBase

/// Cuts a stream of rows into slices at boundaries that the content decides.
///
/// Behind a slice's minimum, the cut falls before the first row whose index value differs from the row's
/// before it and hashes to a multiple of a power of two; at the maximum it falls anyway. Equal rows
/// therefore end up in equal slices wherever they stand: a row inserted in the middle of ten million
/// changes the slices around it and no others. Without an index there is nothing to hash, and slices have
/// the target's length.
///
/// The method is content-defined chunking (Muthitacharoen, Chen, Mazieres, "A low-bandwidth network file
/// system", SOSP 2001), with a sort key in the place of a rolling hash.
struct RowSlicer {
  private let shape: SliceShape
  private let mask: UInt64
  private var order: RowOrder
  private var pieces: [DataFrame] = []
  private var rowCount: Int
  private var lastKey: Int64?

  /// - Parameter run: rows that stand before the first and belong to the same slice; they are not among the
  ///   rows that come out.
  init(shape: SliceShape, schema: Schema, behind run: Run = Run()) {
    self.shape = shape
    mask = Self.mask(of: shape)
    order = RowOrder(schema: schema)
    rowCount = run.rowCount
    lastKey = run.lastKey
  }

  /// Rows behind the last cut.
  struct Run {
    var rowCount = 0
    /// Nil without an index.
    var lastKey: Int64?
  }

  /// Cuts are one in `mask + 1` behind the minimum, so that slices settle near the target.
  private static func mask(of shape: SliceShape) -> UInt64 {
    let spacing = max(1, shape.rowCountTarget - shape.rowCountMin)
    return UInt64(1) << UInt64(spacing.bitWidth - 1 - spacing.leadingZeroBitCount) - 1
  }

  /// Whether a slice of so many rows ends where it does because it was cut there, and not because the rows
  /// ended.
  /// - Parameter next: the slice behind it, if there is one.
  static func isCut(
    rowCount: Int, lastKey: Int64?, before next: KeyRange?, _ shape: SliceShape
  ) -> Bool {
    guard let lastKey else { return rowCount >= shape.rowCountTarget }
    if rowCount >= shape.rowCountMax { return true }
    guard let next, rowCount >= shape.rowCountMin else { return false }
    return next.first != lastKey && Column.contentHash(next.first) & mask(of: shape) == 0
  }

  /// Takes rows and gives back the slices that are complete. The first is empty when the run that came
  /// before ends where the rows begin.
  /// - Throws: `schemaMismatch`, or `unsortedIndex` when the rows do not continue in the order of the
  ///   index.
  mutating func add(_ frame: DataFrame) throws(SternaError) -> [DataFrame] {
    try order.check(frame)
    let shape = shape.fitted(toTextsOf: frame)
    var complete: [DataFrame] = []
    var start = 0
    while let end = nextCut(in: frame, from: start, shape) {
      complete.append(try take(frame.slice(start..<end)))
      start = end
    }
    if start < frame.rowCount {
      pieces.append(frame.slice(start..<frame.rowCount))
      rowCount += frame.rowCount - start
    }
    if let index = frame.index, frame.rowCount > 0 { lastKey = index.indexValue(at: frame.rowCount - 1) }
    return complete
  }

  /// The rest of the rows, when there are any.
  mutating func finish() throws(SternaError) -> DataFrame? {
    guard rowCount > 0, let last = pieces.popLast() else { return nil }
    return try take(last)
  }

  private mutating func take(_ end: DataFrame) throws(SternaError) -> DataFrame {
    let parts = (pieces + [end]).filter { $0.rowCount > 0 }
    let slice = parts.count <= 1 ? parts.first ?? end : try DataFrame.concatenating(parts)
    pieces = []
    rowCount = 0
    return slice
  }

  /// The first row of `frame` at or behind `start` before which the running slice ends.
  private func nextCut(in frame: DataFrame, from start: Int, _ shape: SliceShape) -> Int? {
    // Long texts may have made slices shorter than the rows that are waiting already.
    let forced = max(start, start + shape.rowCountMax - rowCount)
    guard let index = frame.index else {
      let cut = max(start, start + shape.rowCountTarget - rowCount)
      return cut < frame.rowCount ? cut : nil
    }
    var row = max(start, start + shape.rowCountMin - rowCount)
    let limit = min(forced, frame.rowCount)
    guard row < limit || forced < frame.rowCount else { return nil }
    // A slice has a row.
    if row == start, rowCount == 0 { row += 1 }
    if row < limit {
      let previous = row > 0 ? index.indexValue(at: row - 1) : lastKey
      if let cut = index.firstContentCut(in: row..<limit, after: previous, mask: mask) { return cut }
    }
    return forced < frame.rowCount ? forced : nil
  }
}
