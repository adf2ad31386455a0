public import SternaBase

extension DataFrame {
  /// A frame of named columns, checked.
  ///
  /// Names may repeat, except the index's. The index must be of an indexing type, sorted, without
  /// nulls.
  public init(_ columns: [(String, Column)], index: String? = nil) throws(SternaError) {
    let rowCount = columns.first?.1.count ?? 0
    for (name, column) in columns where column.count != rowCount {
      throw SternaError(
        .invalidArgument, "column '\(name)' has \(column.count) rows, the first column has \(rowCount)",
        advice: "Give all columns of a frame the same number of rows.")
    }
    var indexColumn: Int?
    if let index {
      let positions = columns.indices.filter { columns[$0].0 == index }
      guard let position = positions.first, positions.count == 1 else {
        throw SternaError(
          .invalidArgument, "\(positions.count) columns are named '\(index)', the index",
          advice: "Name exactly one column as the index.")
      }
      try columns[position].1.requireIndex(named: index)
      indexColumn = position
    }
    let fields = columns.enumerated().map { position, column in
      Field(column.0, column.1.type, nullable: position != indexColumn)
    }
    self.init(
      schema: Schema(fields, indexColumn: indexColumn), columns: columns.map(\.1), rowCount: rowCount)
  }
}

extension Column {
  /// Throws unless the column can be the index of a frame as it is.
  package func requireIndex(named name: String) throws(SternaError) {
    guard type.canIndex else {
      throw SternaError(
        .invalidArgument, "column '\(name)' of type \(type) cannot be the index",
        advice: "Use a timestamp, date or integer column (up to int64 and uint32) as the index.")
    }
    guard nullCount == 0 else {
      throw SternaError(
        .invalidArgument, "the index column '\(name)' has \(nullCount) nulls",
        advice: "Drop or fill the rows without an index value.")
    }
    if let row = firstUnsortedRow {
      let (value, before) = (value(at: row), value(at: row - 1))
      throw SternaError(
        .unsortedIndex, "row \(row) of the index column '\(name)' is \(value), below \(before) before it",
        advice: "Sort the rows by the index column, or write the frame without an index.")
    }
  }
}
