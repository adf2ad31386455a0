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
  private let schema: Schema
  private let mask: UInt64
  private var pieces: [DataFrame] = []
  private var rowCount = 0
  private var lastKey: Int64?

  init(shape: SliceShape, schema: Schema) {
    self.shape = shape
    self.schema = schema
    // Cuts are one in `mask + 1` behind the minimum, so that slices settle near the target.
    let spacing = max(1, shape.rowCountTarget - shape.rowCountMin)
    mask = UInt64(1) << UInt64(spacing.bitWidth - 1 - spacing.leadingZeroBitCount) - 1
  }

  /// Takes rows and gives back the slices that are complete.
  /// - Throws: `schemaMismatch`, or `unsortedIndex` when the rows do not continue in the order of the
  ///   index.
  mutating func add(_ frame: DataFrame) throws(SternaError) -> [DataFrame] {
    try checkOrder(of: frame)
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
    let slice = parts.count == 1 ? parts[0] : try DataFrame.concatenating(parts)
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

  private func checkOrder(of frame: DataFrame) throws(SternaError) {
    guard frame.schema.hasSameColumns(as: schema) else {
      throw SternaError(.schemaMismatch, "a batch of the data has other columns than the first one")
    }
    guard let index = frame.index, frame.rowCount > 0 else { return }
    let name = frame.schema.indexField?.name ?? ""
    let advice = "Sort the data by '\(name)' before writing it."
    if index.nullCount > 0 {
      throw SternaError(
        .unsortedIndex, "index column '\(name)' contains null", advice: "Drop or fill those rows.")
    }
    if let row = index.firstUnsortedRow {
      throw SternaError(.unsortedIndex, "index column '\(name)' falls at row \(row)", advice: advice)
    }
    if let lastKey, index.indexValue(at: 0) < lastKey {
      throw SternaError(.unsortedIndex, "index column '\(name)' falls between two batches", advice: advice)
    }
  }
}
