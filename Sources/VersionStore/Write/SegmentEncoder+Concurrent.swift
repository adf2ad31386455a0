import Columnar
import SternaBase

extension SegmentEncoder {
  /// Tasks that encode the columns of one frame; the task pool runs as many as there are cores.
  private static let concurrency = 8
  /// Values that are worth a task.
  private static let taskValueCountMin = 1 << 16

  /// The columns of a frame, encoded side by side where they are many values.
  func encodeConcurrently(_ frame: DataFrame) async throws -> [EncodedColumn] {
    let columnsPerTask = max(1, Self.taskValueCountMin / max(1, frame.rowCount))
    guard columnsPerTask < frame.columns.count else { return try frame.columns.map { try encode($0) } }
    let groups = SliceShape.groups(columnCount: frame.columns.count, columnsPerGroup: columnsPerTask)
    let encoded = try await mapConcurrently(groups, limit: Self.concurrency) { group in
      try frame.columns[group].map { try encode($0) }
    }
    return Array(encoded.joined())
  }
}

/// Rows whose columns are encoded.
struct EncodedRows: Sendable {
  let rowCount: Int
  let columns: [EncodedColumn]

  /// Some columns, if the rows are all of these.
  func columns(_ group: Range<Int>, of rows: DataFrame) -> [EncodedColumn]? {
    rows.rowCount == rowCount ? Array(columns[group]) : nil
  }
}
