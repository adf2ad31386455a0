public import SternaBase

extension DataFrame {
  /// The given rows, in the order given.
  package func gathering(_ rows: [Int]) -> DataFrame {
    DataFrame(schema: schema, columns: columns.map { $0.gathering(rows) }, rowCount: rows.count)
  }

  /// The rows in the order of a column, which becomes the index. Rows of equal values keep their order.
  /// - Throws: `invalidArgument` when the column cannot be the index.
  public func sorted(by name: String) throws(SternaError) -> DataFrame {
    let positions = columns.indices.filter { schema.fields[$0].name == name }
    guard let position = positions.first, positions.count == 1 else {
      throw SternaError(
        .invalidArgument, "\(positions.count) columns are named '\(name)', by which to sort",
        advice: "Name exactly one column.")
    }
    let key = columns[position]
    guard key.type.canIndex, key.nullCount == 0 else {
      try key.requireIndex(named: name)
      return self
    }
    let sorted = key.firstUnsortedRow == nil ? self : gathering(Self.order(of: key))
    var indexed = schema
    indexed.indexColumn = position
    indexed.fields[position].isNullable = false
    return DataFrame(schema: indexed, columns: sorted.columns, rowCount: rowCount)
  }

  /// The rows of an index column in ascending order of value, equal ones in the order of their rows.
  package static func order(of key: Column) -> [Int] {
    let keys = key.indexValues
    return keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
  }
}

extension Column {
  /// All values as the index sees them.
  fileprivate var indexValues: [Int64] { (0..<count).map { indexValue(at: $0) } }
}
