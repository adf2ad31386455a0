import Columnar
import Sterna

/// Collects frames for a table and lets go of the middle rows as soon as nobody will see them.
struct LongTable {
  static let defaultLimit = 20

  private let schema: Schema
  /// Rows at either end that are shown; nil for all rows.
  private let endCount: Int?
  private var head: [DataFrame] = []
  private var headCount = 0
  /// The last rows that are not in `head`: at least `endCount` of them when there have been as many.
  private var tail: [DataFrame] = []
  private var tailCount = 0
  private var rowCount = 0

  init(schema: Schema, limit: Int?) {
    self.schema = schema
    endCount = limit.map { max(1, $0 / 2) }
  }

  mutating func add(_ frame: DataFrame) throws {
    rowCount += frame.rowCount
    guard let endCount else {
      head.append(frame)
      return
    }
    let taken = min(endCount - headCount, frame.rowCount)
    if taken > 0 {
      head.append(frame.slice(0..<taken))
      headCount += taken
    }
    // Views keep their frames alive, but only those of the last few: the others go below.
    let rest = frame.slice(max(taken, frame.rowCount - endCount)..<frame.rowCount)
    guard rest.rowCount > 0 else { return }
    tail.append(rest)
    tailCount += rest.rowCount
    while let first = tail.first, tailCount - first.rowCount >= endCount {
      tail.removeFirst()
      tailCount -= first.rowCount
    }
  }

  /// The rows to show, and how many are left out between them.
  func ends() throws(SternaError) -> (head: DataFrame, tail: DataFrame, omittedRowCount: Int) {
    let head = try joined(head)
    var tail = try joined(tail)
    if let endCount, tail.rowCount > endCount {
      tail = tail.slice((tail.rowCount - endCount)..<tail.rowCount)
    }
    return (head, tail, rowCount - head.rowCount - tail.rowCount)
  }

  func print() async throws {
    let (head, tail, omittedRowCount) = try ends()
    try await FrameOutput.printTable(head: head, tail: tail, omittedRowCount: omittedRowCount)
  }

  private func joined(_ frames: [DataFrame]) throws(SternaError) -> DataFrame {
    guard !frames.isEmpty else { return DataFrame.empty(schema) }
    return try DataFrame.concatenating(frames)
  }
}

extension DataFrame {
  /// No rows of these columns.
  static func empty(_ schema: Schema) -> DataFrame {
    DataFrame(schema: schema, columns: schema.fields.map { ColumnBuilder($0.type).finish() }, rowCount: 0)
  }
}
