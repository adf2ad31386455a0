import Columnar
import SternaBase

/// Rows to tails and back.
struct TailCodec: Sendable {
  let blocks: BlockStore
  let encoder: SegmentEncoder
  let limits: TailLimits

  /// Chunks of tails are a few bytes each: the alignment that suits large ones would be most of a tail.
  private static let alignment = 8
  /// Rows of this many bytes in memory are not worth trying.
  private static let memoryByteCountMax = 16 << 20
  /// Columns that tell whether all of them are worth trying.
  private static let pilotCount = 8

  enum Attempt: Sendable {
    case tail(TailUse)
    /// The columns where they were encoded before that was known: a slice of the same rows has them, too.
    case tooLarge([EncodedColumn]?)
  }

  /// A tail of all rows of a frame; too large is also one of none.
  func tail(of frame: DataFrame) async throws -> Attempt {
    guard frame.rowCount > 0, frame.rowCount <= limits.rowCountMax,
      frame.columns.reduce(0, { $0 + $1.memoryByteCount }) <= Self.memoryByteCountMax
    else { return .tooLarge(nil) }
    let byteCountMax = limits.byteCountMax(columnCount: frame.columns.count)
    guard let columns = try await columns(of: frame, about: byteCountMax) else { return .tooLarge(nil) }
    let encoded = try encoder.assemble(columns, of: frame, kind: .segment, alignment: Self.alignment)
    guard encoded.bytes.count <= byteCountMax else { return .tooLarge(columns) }
    let tail = Tail(
      rowCount: frame.rowCount, firstKey: frame.index?.indexValue(at: 0), segment: .inline(encoded.bytes))
    return .tail(
      TailUse(
        tail: tail, rowCount: frame.rowCount, lastKey: frame.index?.indexValue(at: frame.rowCount - 1)))
  }

  /// The columns of a frame, encoded; nil when a few of them show that they are much more than a tail's.
  private func columns(of frame: DataFrame, about byteCountMax: Int) async throws -> [EncodedColumn]? {
    let step = max(1, frame.columns.count / Self.pilotCount)
    let isPilot = { (position: Int) in position % step == 0 }
    var pilots = try frame.columns.indices.filter(isPilot).map { try encoder.encode(frame.columns[$0]) }[
      ...]
    let pilotByteCount = pilots.reduce(0) { $0 + $1.byteCount }
    guard pilotByteCount * frame.columns.count / max(1, pilots.count) <= 2 * byteCountMax else {
      return nil
    }
    let rest = frame.columns.indices.filter { !isPilot($0) }
    var others = try await encoder.encodeConcurrently(frame.select(positions: rest))[...]
    return frame.columns.indices.compactMap { isPilot($0) ? pilots.popFirst() : others.popFirst() }
  }

  /// The rows that a version has of a tail.
  /// - Parameter schema: the version's, or one that it can be joined with.
  func rows(of use: TailUse, schema: Schema) async throws -> DataFrame {
    let bytes = try await use.tail.segment.load(from: blocks)
    return try Self.rows(of: use, in: bytes, schema: schema)
  }

  private static func rows(
    of use: TailUse, in bytes: Bytes, schema: Schema
  ) throws(SternaError) -> DataFrame {
    let segment = try Segment(parsing: bytes, subject: "tail")
    guard segment.schema.hasSameColumns(as: schema), segment.rowCount == use.tail.rowCount else {
      throw SternaError(
        .corrupt, "a tail has other columns or rows than its version",
        advice: "Write the symbol anew, or restore it from a replica.")
    }
    let frame = try segment.decodeFrame().slice(0..<use.rowCount)
    return DataFrame(schema: schema, columns: frame.columns, rowCount: frame.rowCount)
  }
}
