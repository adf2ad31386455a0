import Columnar
import SternaBase

/// Holds the index of a file to its order, within batches and from one to the next.
struct IndexOrder {
  private let column: String
  /// The last row of the batch before.
  private var last: (value: Value, position: Int64)?

  init(column: String) { self.column = column }

  /// - Parameter lines: the line of each row.
  mutating func check(_ index: Column, lines: [Int]) throws(SternaError) {
    guard index.count > 0 else { return }
    if let last, index.indexValue(at: 0) < last.position {
      throw unsorted(index.value(at: 0), below: last.value, of: index.type, line: lines[0])
    }
    if let row = index.firstUnsortedRow {
      throw unsorted(
        index.value(at: row), below: index.value(at: row - 1), of: index.type, line: lines[row])
    }
    last = (index.value(at: index.count - 1), index.indexValue(at: index.count - 1))
  }

  private func unsorted(_ value: Value, below previous: Value, of type: DataType, line: Int) -> SternaError
  {
    SternaError(
      .unsortedIndex,
      "line \(line): \(value.text(as: type)) in column '\(column)' "
        + "is before \(previous.text(as: type)) above it",
      advice: "Sort the file by '\(column)' first.")
  }
}
