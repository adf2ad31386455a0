import Columnar
import SternaBase

/// One segment to verify: what the index says of it.
struct SegmentClaim: Sendable {
  /// A slice that consists of rows of the segment.
  struct Use: Hashable, Sendable {
    let rows: Range<Int>
    /// Index values of the first and last of them.
    let keys: KeyRange?

    init(rows: Range<Int>, keys: KeyRange?) {
      self.rows = rows
      self.keys = keys
    }

    init(_ slice: SliceEntry) { self.init(rows: slice.segmentRows, keys: slice.keys) }
  }

  let pointer: BlockPointer
  /// Of the whole segment.
  let rowCount: Int
  /// Several where slices are parts of it.
  var uses: [Use]
  /// The chunk descriptors in the index detail.
  let chunks: [ColumnChunk]
  /// The index column's place in the segment.
  let indexPosition: Int?
  let location: String
}

/// Holds a segment against what the index says of it: a pure check of its bytes.
enum SegmentInspector {
  /// - Returns: what is wrong; nothing when all is well.
  /// - Parameter decodes: whether columns are decoded and their statistics compared.
  static func problems(of bytes: Bytes, _ claim: SegmentClaim, decodes: Bool) throws(SternaError)
    -> [String]
  {
    let segment = try Segment(parsing: bytes, subject: "segment")
    var problems: [String] = []
    if segment.rowCount != claim.rowCount {
      problems.append("it has \(segment.rowCount) rows, the index says \(claim.rowCount)")
    }
    if segment.chunks != claim.chunks {
      problems.append("its directory differs from the chunk descriptors in the index")
    }
    guard decodes else { return problems }
    for (position, chunk) in segment.chunks.enumerated() {
      let column = try segment.decodeColumn(at: position, verifyingChecksum: true)
      if ColumnStatistics(of: column) != chunk.statistics {
        problems.append("the statistics of column '\(chunk.field.name)' are not those of its values")
      }
      guard position == claim.indexPosition else { continue }
      if let row = column.firstUnsortedRow { problems.append("the index falls at row \(row)") }
      problems += claim.uses.compactMap { problem(of: $0, index: column) }
    }
    return problems
  }

  private static func problem(of use: SegmentClaim.Use, index: Column) -> String? {
    // Rows that the segment does not have were told of by their number.
    guard let keys = use.keys, !use.rows.isEmpty, use.rows.upperBound <= index.count else { return nil }
    let first = index.indexValue(at: use.rows.lowerBound)
    let found = first...max(first, index.indexValue(at: use.rows.upperBound - 1))
    guard found != keys.first...keys.last else { return nil }
    return "its index runs over \(found), the index tree says \(keys.first...keys.last)"
  }
}
