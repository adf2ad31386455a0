import Columnar

/// How many rows two frames have in common at their beginning and, of the others, at their end: bit for
/// bit.
struct RowMatch: Equatable {
  private let limit: Int
  private var equalCountAtBeginning: Int
  private var equalCountAtEnd: Int

  /// Rows of no columns, which are equal.
  init(rowCounts left: Int, _ right: Int) {
    limit = min(left, right)
    (equalCountAtBeginning, equalCountAtEnd) = (limit, limit)
  }

  /// - Precondition: the frames have columns of the same types.
  init(_ left: DataFrame, _ right: DataFrame) {
    self.init(rowCounts: left.rowCount, right.rowCount)
    narrow(left.columns, right.columns)
  }

  var prefixCount: Int { equalCountAtBeginning }
  /// Of rows that are not in the prefix.
  var suffixCount: Int { min(equalCountAtEnd, limit - equalCountAtBeginning) }

  /// Compares further columns of the same rows.
  mutating func narrow(_ left: [Column], _ right: [Column]) {
    for (left, right) in zip(left, right) {
      let prefix = left.commonPrefixCount(with: right, atMost: equalCountAtBeginning)
      // Columns of one length that are equal from the beginning are equal from the end.
      if prefix < left.count || left.count != right.count {
        equalCountAtEnd = left.commonSuffixCount(with: right, atMost: equalCountAtEnd)
      }
      equalCountAtBeginning = prefix
    }
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
