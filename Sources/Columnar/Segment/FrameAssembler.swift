package import SternaBase
import Synchronization

/// Puts the chunks of many segments together into one frame.
///
/// Each column is allocated once, and chunks are decoded straight into their place in it. Columns of one
/// type lie side by side, so that those who work on matrices (pandas) can view them as one:
///
///     float64    [ column 1: chunk of segment 0 | of segment 1 ][ column 2: ... ]   one buffer
///     validity   [ piece                        | -            ]                    stitched by `finish`
///     texts      see `TextAssembly`
///
/// `place` may be called from many tasks at once as long as the rows of a column do not overlap.
package final class FrameAssembler: Sendable {
  package let schema: Schema
  package let rowCount: Int
  private let targets: [Target]
  private let pieces: Mutex<[[Piece]]>

  /// Where the values of a column go.
  private enum Target {
    /// Slots of fixed width, from a byte of a buffer on.
    case slots(ByteStorage, start: Int)
    case texts(TextAssembly)
    /// The chunks are decoded by themselves, and joined by `finish`.
    case columns
  }

  /// Rows of one column that have been placed.
  private struct Piece {
    let rows: Range<Int>
    let validity: Bitmap?
    /// The values, where they are not in the column's buffer already.
    let column: Column?
  }

  /// Allocates the buffers of a frame.
  /// - Parameter textLayout: with `.dictionaries`, utf8 columns of few distinct texts become dictionary
  ///   columns.
  package init(schema: Schema, rowCount: Int, textLayout: TextLayout = .values) throws(SternaError) {
    guard rowCount >= 0, rowCount <= SegmentLimits.frameRowCount else {
      throw SternaError(
        .resourceLimit, "a frame of \(rowCount) rows", advice: "Read a range of rows or of time.")
    }
    self.schema = schema
    self.rowCount = rowCount
    self.targets = try Self.targets(schema, rowCount: rowCount, textLayout: textLayout)
    self.pieces = Mutex(Array(repeating: [], count: schema.fields.count))
  }

  /// The bytes of the columns of fixed width, which are known from the start.
  package var slotByteCount: Int {
    var storages: [ObjectIdentifier: Int] = [:]
    for case .slots(let storage, _) in targets { storages[ObjectIdentifier(storage)] = storage.count }
    return storages.values.reduce(0, +)
  }

  private static func targets(
    _ schema: Schema, rowCount: Int, textLayout: TextLayout
  ) throws(SternaError) -> [Target] {
    var buffers: [DataType: (storage: ByteStorage, used: Int)] = [:]
    var targets: [Target] = []
    for field in schema.fields {
      switch field.type {
      case .utf8, .binary:
        let prefersCodes = textLayout == .dictionaries && field.type == .utf8
        targets.append(.texts(TextAssembly(rowCount: rowCount, prefersCodes: prefersCodes)))
      case .bool, .dictionary: targets.append(.columns)
      default:
        let byteCount = rowCount * (field.type.byteWidth ?? 0)
        var buffer: (storage: ByteStorage, used: Int)
        if let shared = buffers[field.type] {
          buffer = shared
        } else {
          let columnCount = schema.fields.count { $0.type == field.type }
          let (total, overflow) = byteCount.multipliedReportingOverflow(by: columnCount)
          buffer = (try ByteStorage(untrustedCount: overflow ? .max : total), 0)
        }
        targets.append(.slots(buffer.storage, start: buffer.used))
        buffer.used += byteCount
        buffers[field.type] = buffer
      }
    }
    return targets
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
    let rows = try rows(of: part.count, type: chunk.field.type, column: column, atRow: row)
    let isWhole = part.count == chunk.rowCount
    switch targets[column] {
    case .slots(let buffer, let start) where isWhole:
      let slots = Self.slots(of: rows, chunk.field.type, buffer, start)
      let validity = try chunk.decodeSlots(bytes, verifyingChecksum: verifyingChecksum, into: slots)
      add(Piece(rows: rows, validity: validity, column: nil), to: column)
    case .texts(let assembly) where isWhole:
      let validity = try assembly.place(
        chunk, bytes, atRow: row, verifyingChecksum: verifyingChecksum)
      add(Piece(rows: rows, validity: validity, column: nil), to: column)
    case .slots, .texts, .columns:
      let whole = try chunk.decode(bytes, verifyingChecksum: verifyingChecksum)
      try place(whole.slice(part), column: column, atRow: row)
    }
  }

  /// Copies rows that are decoded already.
  package func place(_ piece: Column, column: Int, atRow row: Int) throws(SternaError) {
    let rows = try rows(of: piece.count, type: piece.type, column: column, atRow: row)
    switch targets[column] {
    case .slots(let buffer, let start):
      let slots = Self.slots(of: rows, piece.type, buffer, start)
      piece.withSlots { slots.copyMemory(from: $0) }
      add(Piece(rows: rows, validity: piece.validity, column: nil), to: column)
    case .texts(let assembly):
      try assembly.place(piece, atRow: row)
      add(Piece(rows: rows, validity: piece.validity, column: nil), to: column)
    case .columns: add(Piece(rows: rows, validity: nil, column: piece), to: column)
    }
  }

  private static func slots(
    of rows: Range<Int>, _ type: DataType, _ buffer: ByteStorage, _ start: Int
  ) -> UnsafeMutableRawBufferPointer {
    let width = type.byteWidth ?? 0
    return UnsafeMutableRawBufferPointer(
      rebasing: buffer.mutableBytes[(start + rows.lowerBound * width)..<(start + rows.upperBound * width)])
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
      columns.append(try column(position, of: ordered))
    }
    var schema = schema
    for (position, column) in columns.enumerated() { schema.fields[position].type = column.type }
    return DataFrame(schema: schema, columns: columns, rowCount: rowCount)
  }

  private func column(_ position: Int, of pieces: [Piece]) throws(SternaError) -> Column {
    let type = schema.fields[position].type
    let storage: ColumnStorage
    switch targets[position] {
    case .columns:
      return pieces.isEmpty
        ? ColumnBuilder(type).finish() : Column.concatenating(pieces.compactMap(\.column))
    case .slots(let buffer, let start):
      storage = .fixedWidth(Bytes(buffer)[start..<(start + rowCount * (type.byteWidth ?? 0))])
    case .texts(let assembly): storage = try assembly.finish()
    }
    let isDictionary = if case .dictionary = storage { true } else { false }
    return Column(
      type: isDictionary ? .dictionary : type, count: rowCount, storage: storage,
      validity: validity(of: pieces))
  }

  private func validity(of pieces: [Piece]) -> Bitmap? {
    guard pieces.contains(where: { $0.validity != nil }) else { return nil }
    var bits = BitmapBuilder(reserving: rowCount)
    for piece in pieces {
      if let validity = piece.validity {
        bits.append(contentsOf: validity)
      } else {
        bits.append(repeating: true, count: piece.rows.count)
      }
    }
    return bits.take()
  }

  /// The rows that a piece will fill, if it fits.
  private func rows(
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
