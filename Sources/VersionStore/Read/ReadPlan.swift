import Columnar
import SternaBase

/// What a read will do, decided before any data moves: which slices, which columns, how many rows at most.
///
/// Slices are fetched whole in rows; rows of the first and last slice that were not asked for are cut off
/// at the end, which is a view and costs nothing. So the final buffers can be allocated before the first
/// segment arrives.
package struct ReadPlan: Sendable {
  package struct Slice: Sendable {
    package let entry: SliceEntry
    /// The number of the slice's first row in the version.
    package let firstRow: Int
    /// One per column group: the detail node of the slice's leaf.
    let details: [BlockPointer]
    /// The slice's place in its leaf.
    let positionInLeaf: Int
    /// Of the version's last slice, when it is the first rows of a tail: one segment with all columns.
    var tail: Tail?

    /// Rows of the slice's segments.
    var segmentRowCount: Int { tail?.rowCount ?? entry.segmentRowCount }
  }

  package let schema: Schema
  package let columnsPerGroup: Int
  package let slices: [Slice]
  /// Positions in `schema` of the columns to return.
  package let columns: [Int]
  package let rows: ReadSelection.Rows
  /// How texts are to be laid out in a result that is read as a whole.
  var textLayout = TextLayout.values

  /// Rows of all slices, before the cut.
  package var rowCount: Int { slices.reduce(0) { $0 + $1.entry.rowCount } }

  /// The schema of the result.
  package var resultSchema: Schema { schema.selecting(columns) }

  /// Which rows of a frame, the first of which has the number `firstRow`, were asked for.
  func selectedRows(of frame: DataFrame, firstRow: Int) -> Range<Int> {
    selectedRows(of: frame.index, count: frame.rowCount, firstRow: firstRow)
  }

  /// Which of `count` rows were asked for, by their index or by their numbers from `firstRow` on.
  func selectedRows(of index: Column?, count: Int, firstRow: Int) -> Range<Int> {
    switch rows {
    case .all, .last: return 0..<count
    case .keys(let range):
      guard let index else { return 0..<count }
      let lower = index.lowerBound(of: range.lowerBound)
      return lower..<max(lower, index.upperBound(of: range.upperBound))
    case .numbers(let range):
      let lower = min(max(range.lowerBound - firstRow, 0), count)
      return lower..<min(max(range.upperBound - firstRow, lower), count)
    }
  }
}

extension ReadPlan {
  /// How far behind a part of a segment another part of it is looked for.
  private static let batchCountMax = 16

  /// The slices in runs that are worth reading at once: neighbours that are parts of one segment are then
  /// fetched and decoded once. A batch has about as many rows as two segments, at most.
  var batches: [Range<Int>] {
    var batches: [Range<Int>] = []
    var start = 0
    while start < slices.count {
      var end = start + 1
      var position = start
      while position < end {
        let last = lastUse(ofSegmentsAt: position)
        if last >= end, rowCount(start...last) <= 2 * slices[start].segmentRowCount { end = last + 1 }
        position += 1
      }
      batches.append(start..<end)
      start = end
    }
    return batches
  }

  private func lastUse(ofSegmentsAt position: Int) -> Int {
    let entry = slices[position].entry
    guard entry.isPart else { return position }
    let near = slices[position..<min(position + Self.batchCountMax, slices.count)]
    return near.lastIndex { $0.entry.isPart && $0.entry.segments == entry.segments } ?? position
  }

  private func rowCount(_ range: ClosedRange<Int>) -> Int {
    slices[range].reduce(0) { $0 + $1.entry.rowCount }
  }

  /// All rows of some slices.
  /// - Parameter columns: nil for all.
  init(
    schema: Schema, columnsPerGroup: Int, wholeSlices entries: [SliceEntry], columns: [Int]? = nil
  ) {
    var slices: [Slice] = []
    var firstRow = 0
    for entry in entries {
      slices.append(Slice(entry: entry, firstRow: firstRow, details: [], positionInLeaf: 0))
      firstRow += entry.rowCount
    }
    self.init(
      schema: schema, columnsPerGroup: columnsPerGroup, slices: slices,
      columns: columns ?? Array(schema.fields.indices), rows: .all)
  }
}

/// Makes read plans: walks the index for the slices that a selection concerns.
struct ReadPlanner: Sendable {
  let blocks: BlockStore
  let concurrency: Int

  func plan(_ selection: ReadSelection, of content: VersionContent) async throws -> ReadPlan {
    let schema = try Schema(encoded: try await content.schema.load(from: blocks))
    let columns = try selection.columnPositions(in: schema)
    let rows = try Self.resolve(selection.rows, of: content, schema: schema)
    let leaves = try await TreeReader<IndexContent>(blocks: blocks, concurrency: concurrency)
      .leaves(of: content.root) { summary, position in
        Self.concerns(rows, keys: summary.keys, position..<(position + summary.rowCount))
      }
    let groupCount = SliceShape.groups(
      columnCount: schema.fields.count, columnsPerGroup: content.columnsPerGroup
    ).count
    var slices = try leaves.flatMap { found throws(SternaError) in
      try Self.slices(of: found, concerning: rows, groupCount: groupCount)
    }
    if let tail = Self.tail(of: content, concerning: rows) { slices.append(tail) }
    return ReadPlan(
      schema: schema, columnsPerGroup: content.columnsPerGroup, slices: slices, columns: columns,
      rows: rows,
      textLayout: selection.textLayout)
  }

  private static func slices(
    of found: TreeReader<IndexContent>.FoundLeaf, concerning rows: ReadSelection.Rows, groupCount: Int
  ) throws(SternaError) -> [ReadPlan.Slice] {
    guard found.leaf.details.count == groupCount else {
      throw SternaError(
        .corrupt, "index leaf has \(found.leaf.details.count) column groups, not \(groupCount)")
    }
    var slices: [ReadPlan.Slice] = []
    var position = found.position
    for (place, entry) in found.leaf.slices.enumerated() {
      let numbers = position..<(position + entry.rowCount)
      if concerns(rows, keys: entry.keys, numbers) {
        slices.append(
          ReadPlan.Slice(
            entry: entry, firstRow: position, details: found.leaf.details, positionInLeaf: place))
      }
      position = numbers.upperBound
    }
    return slices
  }

  private static func tail(
    of content: VersionContent, concerning rows: ReadSelection.Rows
  ) -> ReadPlan.Slice? {
    guard let use = content.tail else { return nil }
    let firstRow = content.treeSummary.rowCount
    guard concerns(rows, keys: use.keys, firstRow..<(firstRow + use.rowCount)) else { return nil }
    let entry = SliceEntry(keys: use.keys, rowCount: use.rowCount, segments: [])
    return ReadPlan.Slice(entry: entry, firstRow: firstRow, details: [], positionInLeaf: 0, tail: use.tail)
  }

  /// Rows relative to the end become numbers; a range of keys needs an index.
  private static func resolve(
    _ rows: ReadSelection.Rows, of content: VersionContent, schema: Schema
  ) throws(SternaError) -> ReadSelection.Rows {
    switch rows {
    case .keys where schema.indexColumn == nil:
      throw SternaError(
        .invalidArgument, "the symbol has no index, so rows cannot be chosen by its values",
        advice: "Choose rows by number.")
    case .last(let count):
      let total = content.summary.rowCount
      return .numbers(max(0, total - max(0, count))..<total)
    case .numbers(let range):
      // Nobody's arithmetic on row numbers has to think of negative ones.
      return .numbers(max(0, range.lowerBound)..<max(0, range.upperBound))
    default: return rows
    }
  }

  private static func concerns(
    _ rows: ReadSelection.Rows, keys: KeyRange?, _ numbers: Range<Int>
  ) -> Bool {
    switch rows {
    case .all, .last: true
    case .keys(let range): keys?.overlaps(range) ?? true
    case .numbers(let range): range.overlaps(numbers)
    }
  }
}
