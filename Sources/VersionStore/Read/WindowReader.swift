import Columnar
import SternaBase

/// Carries out reads of some rows of one slice or two: only these rows are allocated and kept, not the
/// slices, which are a hundred times as much for an hour of a year.
///
///     slices    [ rows .......... ][ rows .......... ]
///     window              [ ..........]                 known when the index is decoded
///
/// Texts are still decoded with all rows of their slices: they lie one behind the other, wherever they are
/// cut.
struct WindowReader: Sendable {
  let blocks: BlockStore
  let concurrency: Int

  /// Slices at most: more are fetched and decoded side by side, and hardly any of their rows are cut off.
  private static let sliceCountMax = 2
  /// Values that are worth a task.
  private static let taskValueCountMin = 256 << 10

  /// Encoded bytes at most: all of them are here before the first is decoded.
  private static let byteCountMax = 32 << 20

  static func suits(_ plan: ReadPlan) -> Bool {
    guard (1...sliceCountMax).contains(plan.slices.count),
      plan.slices.reduce(0, { $0 + $1.entry.byteCount }) <= byteCountMax
    else { return false }
    switch plan.rows {
    case .keys(let range):
      guard let index = plan.schema.indexColumn, plan.columns.contains(index) else { return false }
      return !plan.slices.allSatisfy {
        $0.entry.keys.map { range.contains($0.first) && range.contains($0.last) } ?? true
      }
    case .numbers(let range):
      return !plan.slices.allSatisfy {
        $0.entry.rowCount == 0 || range.contains($0.firstRow) && range.contains($0.lastRow)
      }
    case .all, .last: return false
    }
  }

  /// One wanted column of a slice.
  fileprivate struct Piece: Sendable {
    let fetched: SegmentFetcher.FetchedChunk
    /// The first row of the slice among those of all slices.
    let row: Int
    /// Rows of the segment that are the slice's.
    let rows: Range<Int>
  }

  func read(_ plan: ReadPlan) async throws -> DataFrame {
    let jobs = SegmentJob.jobs(of: plan, plan.slices)
    let fetcher = try await SegmentFetcher(for: jobs, in: blocks, concurrency: concurrency)
    let fetched = try await mapConcurrently(jobs, limit: concurrency) { try await fetcher.fetch($0) }
    let pieces = zip(jobs, fetched).flatMap { job, chunks in
      chunks.flatMap { chunk in job.uses.map { Piece(fetched: chunk, row: $0.row, rows: $0.rows) } }
    }
    let window = try Self.window(of: plan, pieces)
    let schema = plan.resultSchema
    let (texts, others) = (
      schema.fields.indices.filter(schema.isText), schema.fields.indices.filter(schema.isOther)
    )
    let whole = try FrameAssembler(
      schema: schema.selecting(texts), rowCount: plan.rowCount, textLayout: plan.textLayout)
    let part = try FrameAssembler(schema: schema.selecting(others), rowCount: window.count)
    let places = Dictionary(
      uniqueKeysWithValues: texts.enumerated().map { ($1, $0) } + others.enumerated().map { ($1, $0) })
    let columnsPerTask = max(1, Self.taskValueCountMin / max(1, plan.rowCount))
    let tasks = SliceShape.groups(columnCount: pieces.count, columnsPerGroup: columnsPerTask)
    try await forEachConcurrently(tasks, limit: concurrency) { task in
      for piece in pieces[task] {
        try Task.checkCancellation()
        let column = piece.fetched.position
        let place = places[column] ?? 0
        if schema.isText(column) {
          try whole.place(
            piece.fetched.chunk, piece.fetched.bytes, rows: piece.rows, column: place, atRow: piece.row)
        } else {
          try piece.place(in: part, column: place, window)
        }
      }
    }
    return try Self.frame(
      schema, rowCount: window.count, texts: (texts, try whole.finish().slice(window)),
      others: (others, try part.finish()))
  }

  /// The wanted rows among those of all slices.
  private static func window(of plan: ReadPlan, _ pieces: [Piece]) throws -> Range<Int> {
    guard case .keys = plan.rows, let index = plan.schema.indexColumn,
      let position = plan.columns.firstIndex(of: index)
    else {
      return plan.selectedRows(of: nil, count: plan.rowCount, firstRow: plan.slices[0].firstRow)
    }
    var window: Range<Int>?
    for piece in pieces where piece.fetched.position == position {
      let column = try piece.fetched.chunk.decode(piece.fetched.bytes, verifyingChecksum: false)
        .slice(piece.rows)
      let found = plan.selectedRows(of: column, count: column.count, firstRow: 0)
      guard !found.isEmpty else { continue }
      let rows = (piece.row + found.lowerBound)..<(piece.row + found.upperBound)
      window =
        min(
          window?.lowerBound ?? rows.lowerBound, rows.lowerBound)..<max(
          window?.upperBound ?? rows.upperBound, rows.upperBound)
    }
    return window ?? 0..<0
  }

  private static func frame(
    _ schema: Schema, rowCount: Int, texts: (positions: [Int], frame: DataFrame),
    others: (positions: [Int], frame: DataFrame)
  ) throws -> DataFrame {
    var columns = [Column?](repeating: nil, count: schema.fields.count)
    for (positions, frame) in [texts, others] {
      for (position, column) in zip(positions, frame.columns) { columns[position] = column }
    }
    var schema = schema
    let found = columns.compactMap { $0 }
    for (position, column) in found.enumerated() { schema.fields[position].type = column.type }
    return DataFrame(schema: schema, columns: found, rowCount: rowCount)
  }
}

extension WindowReader.Piece {
  /// Decodes the column and keeps what lies in the window.
  fileprivate func place(
    in assembler: FrameAssembler, column: Int, _ window: Range<Int>
  ) throws(SternaError) {
    let wanted = window.clamped(to: row..<(row + rows.count))
    guard !wanted.isEmpty else { return }
    let first = rows.lowerBound + wanted.lowerBound - row
    try assembler.place(
      fetched.chunk, fetched.bytes, rows: first..<(first + wanted.count), column: column,
      atRow: wanted.lowerBound - window.lowerBound)
  }
}

extension ReadPlan.Slice {
  fileprivate var lastRow: Int { firstRow + entry.rowCount - 1 }
}

extension Schema {
  fileprivate func isText(_ column: Int) -> Bool {
    fields[column].type == .utf8 || fields[column].type == .binary
  }

  fileprivate func isOther(_ column: Int) -> Bool { !isText(column) }
}
