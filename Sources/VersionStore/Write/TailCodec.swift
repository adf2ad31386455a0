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
  private static let memoryByteCountMax = 4 << 20

  /// A tail of all rows of a frame; nil when they are none, or too many.
  func tail(of frame: DataFrame) throws(SternaError) -> TailUse? {
    guard frame.rowCount > 0, frame.rowCount <= limits.rowCountMax,
      frame.columns.reduce(0, { $0 + $1.memoryByteCount }) <= Self.memoryByteCountMax
    else { return nil }
    let encoded = try encoder.encode(frame, kind: .segment, alignment: Self.alignment)
    guard encoded.bytes.count <= limits.byteCountMax else { return nil }
    let tail = Tail(
      rowCount: frame.rowCount, firstKey: frame.index?.indexValue(at: 0), segment: .inline(encoded.bytes))
    return TailUse(
      tail: tail, rowCount: frame.rowCount, lastKey: frame.index?.indexValue(at: frame.rowCount - 1))
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
