import Columnar
import Sterna
import SternaBase

/// What is different between two frames, by looking at every row.
struct SoakDifference: CustomStringConvertible {
  /// Index values, or row numbers, at which the frames do not have the same rows.
  let keys: Set<Int64>
  let addedRowCount: Int

  var description: String { "\(keys.sorted()), \(addedRowCount) rows more" }

  init(from old: DataFrame, to new: DataFrame) {
    let (olds, news) = (Self.rows(of: old), Self.rows(of: new))
    keys = Set(olds.keys).union(news.keys).filter { key in
      let (left, right) = (old.slice(olds[key] ?? 0..<0), new.slice(news[key] ?? 0..<0))
      return !left.hasSameRows(as: right)
    }
    addedRowCount = new.rowCount - old.rowCount
  }

  private static func rows(of frame: DataFrame) -> [Int64: Range<Int>] {
    let keys = frame["time"] == nil ? (0..<Int64(frame.rowCount)).map { $0 } : frame.times
    var rows: [Int64: Range<Int>] = [:]
    for (row, key) in keys.enumerated() {
      rows[key] = (rows[key]?.lowerBound ?? row)..<(row + 1)
    }
    return rows
  }

  /// Each change begins and ends with a row that is different, and no such row lies outside of all.
  func agrees(with difference: SymbolDifference) -> Bool {
    let ranges = difference.rows.map { $0.first...$0.last }
    return difference.columns.isEmpty
      && ranges.allSatisfy { keys.contains($0.lowerBound) && keys.contains($0.upperBound) }
      && keys.allSatisfy { key in ranges.contains { $0.contains(key) } }
      && difference.rows.reduce(0) { $0 + $1.newRowCount - $1.oldRowCount } == addedRowCount
  }
}
