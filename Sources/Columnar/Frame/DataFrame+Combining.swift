public import SternaBase

extension DataFrame {
  /// The rows of several frames, in order. All have the columns of the first; an index stays sorted.
  public static func concatenating(_ frames: [DataFrame]) throws(SternaError) -> DataFrame {
    guard let first = frames.first else {
      throw SternaError(.invalidArgument, "no frames to concatenate", advice: "Give at least one frame.")
    }
    for (position, frame) in frames.enumerated() where !frame.schema.hasSameColumns(as: first.schema) {
      throw SternaError(
        .schemaMismatch, "frame \(position) has other columns than frame 0",
        advice: "Concatenate frames with the same column names, types and index.")
    }
    let columns = first.columns.indices.map { position in
      Column.concatenating(frames.map { $0.columns[position] })
    }
    let whole = DataFrame(
      schema: first.schema, columns: columns, rowCount: frames.reduce(0) { $0 + $1.rowCount })
    if let index = whole.index, let name = first.schema.indexField?.name {
      try index.requireIndex(named: name)
    }
    return whole
  }

  /// The named columns in the given order; the index stays the index when it is among them.
  public func select(columns names: [String]) throws(SternaError) -> DataFrame {
    var positions: [Int] = []
    for name in names {
      guard let position = schema.position(of: name) else {
        throw SternaError(
          .invalidArgument, "no column is named '\(name)'",
          advice: "Choose among \(schema.fields.map(\.name).joined(separator: ", ")).")
      }
      positions.append(position)
    }
    return select(positions: positions)
  }

  /// The columns at the given positions, in that order.
  package func select(positions: [Int]) -> DataFrame {
    DataFrame(
      schema: schema.selecting(positions), columns: positions.map { columns[$0] }, rowCount: rowCount)
  }
}

extension Schema {
  /// Equal but for nullability, which restricts values and not layout.
  package func hasSameColumns(as other: Schema) -> Bool {
    indexColumn == other.indexColumn && fields.count == other.fields.count
      && zip(fields, other.fields).allSatisfy { $0.name == $1.name && $0.type == $1.type }
  }

  package func selecting(_ positions: [Int]) -> Schema {
    Schema(
      positions.map { fields[$0] }, indexColumn: indexColumn.flatMap { positions.firstIndex(of: $0) })
  }
}
