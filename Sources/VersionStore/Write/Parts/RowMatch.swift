import Columnar

/// How many rows two frames have in common at their beginning and, of the others, at their end: bit for
/// bit.
struct RowMatch: Equatable {
  let prefixCount: Int
  let suffixCount: Int

  /// - Precondition: the frames have columns of the same types.
  init(_ left: DataFrame, _ right: DataFrame) {
    var prefix = min(left.rowCount, right.rowCount)
    for (left, right) in zip(left.columns, right.columns) where prefix > 0 {
      prefix = left.commonPrefixCount(with: right, atMost: prefix)
    }
    var suffix = min(left.rowCount, right.rowCount) - prefix
    for (left, right) in zip(left.columns, right.columns) where suffix > 0 {
      suffix = left.commonSuffixCount(with: right, atMost: suffix)
    }
    prefixCount = prefix
    suffixCount = suffix
  }
}

extension Column {
  /// Rows that are compared at once, before the first different one among them is looked for.
  private static let stepRowCount = 4_096

  fileprivate func commonPrefixCount(with other: Column, atMost limit: Int) -> Int {
    Self.equalCount(limit) { slice($0) == other.slice($0) }
  }

  fileprivate func commonSuffixCount(with other: Column, atMost limit: Int) -> Int {
    Self.equalCount(limit) { rows in
      slice((count - rows.upperBound)..<(count - rows.lowerBound))
        == other.slice((other.count - rows.upperBound)..<(other.count - rows.lowerBound))
    }
  }

  /// The most of the first `limit` rows that are all equal.
  private static func equalCount(_ limit: Int, _ areEqual: (Range<Int>) -> Bool) -> Int {
    var start = 0
    while start < limit {
      let end = min(start + stepRowCount, limit)
      if areEqual(start..<end) {
        start = end
        continue
      }
      // Rows before `start` are equal, and one of those up to `high` is not.
      var high = end - 1
      while start < high {
        let middle = start + (high - start + 1) / 2
        if areEqual(start..<middle) { start = middle } else { high = middle - 1 }
      }
      return start
    }
    return limit
  }
}
