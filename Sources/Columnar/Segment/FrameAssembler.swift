package import SternaBase
import Synchronization

/// Puts the chunks of many segments together into one frame.
///
/// Each fixed-width column is allocated once, and chunks are decoded straight into their place in it:
///
///     column 0   [ chunk of segment 0 | chunk of segment 1 | chunk of segment 2 ]   one buffer
///     validity   [ piece              | -                  | piece              ]   stitched by `finish`
///     column 1   [ strings            | strings            | strings            ]   stitched by `finish`
///
/// `place` may be called from many tasks at once as long as the rows of a column do not overlap.
package final class FrameAssembler: Sendable {
  package let schema: Schema
  package let rowCount: Int
  /// The slots of each fixed-width column; nil for the others.
  private let buffers: [ByteStorage?]
  private let pieces: Mutex<[[Piece]]>

  /// Rows of one column that have been placed.
  private struct Piece {
    let rows: Range<Int>
    let validity: Bitmap?
    /// The values, where they are not in the column's buffer already.
    let column: Column?
  }

  /// Allocates the buffers of a frame.
  package init(schema: Schema, rowCount: Int) throws(SternaError) {
    guard rowCount >= 0, rowCount <= SegmentLimits.frameRowCount else {
      throw SternaError(
        .resourceLimit, "a frame of \(rowCount) rows", advice: "Read a range of rows or of time.")
    }
    var buffers: [ByteStorage?] = []
    for field in schema.fields {
      if field.type == .dictionary {
        buffers.append(nil)
      } else {
        buffers.append(
          try field.type.byteWidth.map { (width) throws(SternaError) in
            try LargePages.storage(byteCount: rowCount * width)
          })
      }
    }
    self.schema = schema
    self.rowCount = rowCount
    self.buffers = buffers
    self.pieces = Mutex(Array(repeating: [], count: schema.fields.count))
  }

  /// Decodes a chunk, or only `part` of its rows, to the rows of a column from `row` on.
  package func place(
    _ chunk: ColumnChunk, _ bytes: Bytes, rows part: Range<Int>? = nil, column: Int, atRow row: Int,
    verifyingChecksum: Bool = false
  ) throws(SternaError) {
    let part = part ?? 0..<chunk.rowCount
    guard part.lowerBound >= 0, part.upperBound <= chunk.rowCount else {
      throw .malformedChunk("rows \(part) of \(chunk.rowCount)")
    }
    guard part.count == chunk.rowCount, let buffer = buffers[column] else {
      let whole = try chunk.decode(bytes, verifyingChecksum: verifyingChecksum)
      return try place(whole.slice(part), column: column, atRow: row)
    }
    let rows = try target(of: part.count, type: chunk.field.type, column: column, atRow: row)
    let width = chunk.field.type.byteWidth ?? 0
    let slots = UnsafeMutableRawBufferPointer(
      rebasing: buffer.mutableBytes[(rows.lowerBound * width)..<(rows.upperBound * width)])
    let validity = try chunk.decodeSlots(bytes, verifyingChecksum: verifyingChecksum, into: slots)
    add(Piece(rows: rows, validity: validity, column: nil), to: column)
  }

  /// Copies rows that are decoded already.
  package func place(_ piece: Column, column: Int, atRow row: Int) throws(SternaError) {
    let rows = try target(of: piece.count, type: piece.type, column: column, atRow: row)
    guard let buffer = buffers[column] else {
      return add(Piece(rows: rows, validity: nil, column: piece), to: column)
    }
    piece.withSlots { slots in
      let start = rows.lowerBound * (piece.type.byteWidth ?? 0)
      UnsafeMutableRawBufferPointer(rebasing: buffer.mutableBytes[start..<(start + slots.count)])
        .copyMemory(from: slots)
    }
    add(Piece(rows: rows, validity: piece.validity, column: nil), to: column)
  }

  /// Makes rows null: those of segments written before the column existed.
  package func placeNulls(column: Int, rows: Range<Int>) throws(SternaError) {
    let builder = ColumnBuilder(schema.fields[column].type, reserving: rows.count)
    for _ in rows { builder.appendNull() }
    try place(builder.finish(), column: column, atRow: rows.lowerBound)
  }

  /// The frame, when every row of every column has been placed exactly once.
  package func finish() throws(SternaError) -> DataFrame {
    let pieces = pieces.withLock { $0 }
    var columns: [Column] = []
    for (position, placed) in pieces.enumerated() {
      let ordered = placed.filter { !$0.rows.isEmpty }.sorted { $0.rows.lowerBound < $1.rows.lowerBound }
      var end = 0
      for piece in ordered {
        guard piece.rows.lowerBound == end else { throw gap(position, end, piece.rows.lowerBound) }
        end = piece.rows.upperBound
      }
      guard end == rowCount else { throw gap(position, end, rowCount) }
      columns.append(column(position, of: ordered))
    }
    return DataFrame(schema: schema, columns: columns, rowCount: rowCount)
  }

  private func column(_ position: Int, of pieces: [Piece]) -> Column {
    let type = schema.fields[position].type
    guard let buffer = buffers[position] else {
      return pieces.isEmpty
        ? ColumnBuilder(type).finish() : Column.concatenating(pieces.compactMap(\.column))
    }
    var validity: Bitmap?
    if pieces.contains(where: { $0.validity != nil }) {
      var bits = BitmapBuilder(reserving: rowCount)
      for piece in pieces {
        if let validity = piece.validity {
          bits.append(contentsOf: validity)
        } else {
          bits.append(repeating: true, count: piece.rows.count)
        }
      }
      validity = bits.take()
    }
    return Column(type: type, count: rowCount, storage: .fixedWidth(Bytes(buffer)), validity: validity)
  }

  /// The rows that a piece will fill, if it fits.
  private func target(
    of count: Int, type: DataType, column: Int, atRow row: Int
  ) throws(SternaError) -> Range<Int> {
    let field = schema.fields[column]
    guard type == field.type else {
      throw SternaError(
        .schemaMismatch, "column '\(field.name)' is \(field.type), a segment has it as \(type)",
        advice: "Read versions of one schema, or without this column.")
    }
    guard row >= 0, count <= rowCount, row <= rowCount - count else {
      throw SternaError(
        .corrupt, "\(count) rows at row \(row) do not fit in a frame of \(rowCount)",
        advice: "The index and its segments disagree; restore the symbol from a replica or a backup.")
    }
    return row..<(row + count)
  }

  private func add(_ piece: Piece, to column: Int) {
    pieces.withLock { $0[column].append(piece) }
  }

  private func gap(_ column: Int, _ end: Int, _ next: Int) -> SternaError {
    SternaError(
      .corrupt,
      "rows of column '\(schema.fields[column].name)' around \(min(end, next)) are missing or doubled",
      advice: "The index and its segments disagree; restore the symbol from a replica or a backup.")
  }
}
