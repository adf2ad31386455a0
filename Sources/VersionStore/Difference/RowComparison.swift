import Columnar

/// Compares rows of two versions. Pure.
struct RowComparison {
  private(set) var list = ChangeList()

  /// Marks the rows behind what was compared so far as equal: they are in shared slices.
  mutating func skipShared() { list.addUnchanged() }

  /// Compares all rows with index values in a range, which are sorted by them.
  ///
  /// Rows of one index value are compared as a whole: which of two trades at one instant was replaced by
  /// which cannot be told.
  mutating func compareByIndex(_ old: DataFrame, _ new: DataFrame) {
    guard let oldIndex = old.index, let newIndex = new.index else { return }
    var (row, other) = (0, 0)
    while row < old.rowCount || other < new.rowCount {
      let oldKey = row < old.rowCount ? oldIndex.indexValue(at: row) : nil
      let newKey = other < new.rowCount ? newIndex.indexValue(at: other) : nil
      let key = min(oldKey ?? .max, newKey ?? .max)
      let oldEnd = oldKey == key ? oldIndex.endOfRun(from: row) : row
      let newEnd = newKey == key ? newIndex.endOfRun(from: other) : other
      add(old, row..<oldEnd, new, other..<newEnd, at: key)
      (row, other) = (oldEnd, newEnd)
    }
  }

  /// Compares rows of the same numbers.
  mutating func compareByNumber(_ old: DataFrame, _ new: DataFrame, firstRow: Int) {
    for row in 0..<max(old.rowCount, new.rowCount) {
      add(
        old, row..<min(row + 1, max(row, old.rowCount)), new, row..<min(row + 1, max(row, new.rowCount)),
        at: Int64(firstRow + row))
    }
  }

  private mutating func add(
    _ old: DataFrame, _ oldRows: Range<Int>, _ new: DataFrame, _ newRows: Range<Int>, at key: Int64
  ) {
    let kind: VersionDifference.Kind =
      newRows.isEmpty ? .removed : oldRows.isEmpty ? .added : .changed
    if kind == .changed, oldRows.count == newRows.count,
      zip(old.columns, new.columns).allSatisfy({ $0.slice(oldRows) == $1.slice(newRows) })
    {
      return list.addUnchanged()
    }
    list.add(kind, key...key, oldRowCount: oldRows.count, newRowCount: newRows.count)
  }
}

extension Column {
  /// The first row behind those that have the index value of a row.
  fileprivate func endOfRun(from row: Int) -> Int {
    let value = indexValue(at: row)
    var end = row + 1
    while end < count, indexValue(at: end) == value { end += 1 }
    return end
  }
}
