import Columnar
import SternaBase

/// One segment to verify: what the index says of it.
struct SegmentClaim: Sendable {
  let pointer: BlockPointer
  let rowCount: Int
  /// Index values of the first and last row; only of the segment that holds the index column.
  let keys: KeyRange?
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
      guard position == claim.indexPosition, let keys = claim.keys, column.count > 0 else { continue }
      if let row = column.firstUnsortedRow { problems.append("the index falls at row \(row)") }
      let found =
        column.indexValue(at: 0)...max(column.indexValue(at: 0), column.indexValue(at: column.count - 1))
      if found != keys.first...keys.last {
        problems.append("its index runs over \(found), the index tree says \(keys.first...keys.last)")
      }
    }
    return problems
  }
}
