/// Columns of equal length with a schema: what is written and what a read returns.
///
/// A small value type; copying one copies references.
///
///     let frame = try DataFrame([
///       ("time", .timestamps([...], unit: .nanosecond)), ("price", .float64s([167.41, 167.42])),
///     ], index: "time")
public struct DataFrame: Sendable, Equatable {
  public let schema: Schema
  public let columns: [Column]
  public let rowCount: Int

  /// - Precondition: one column per field, of its type, all of `rowCount` rows.
  package init(schema: Schema, columns: [Column], rowCount: Int) {
    precondition(columns.count == schema.fields.count)
    precondition(zip(columns, schema.fields).allSatisfy { $0.count == rowCount && $0.type == $1.type })
    self.schema = schema
    self.columns = columns
    self.rowCount = rowCount
  }

  /// Rows `range` as a view.
  public func slice(_ range: Range<Int>) -> DataFrame {
    DataFrame(schema: schema, columns: columns.map { $0.slice(range) }, rowCount: range.count)
  }

  /// The first column of a name, or nil.
  public subscript(name: String) -> Column? { schema.position(of: name).map { columns[$0] } }

  /// The index column, or nil when rows are found by number alone.
  public var index: Column? { schema.indexColumn.map { columns[$0] } }
}
