/// The name, type and nullability of a column.
public struct Field: Hashable, Sendable {
  public var name: String
  public var type: DataType
  /// Whether null may occur. A column without nulls fits a nullable field.
  public var isNullable: Bool

  public init(_ name: String, _ type: DataType, nullable: Bool = true) {
    self.name = name
    self.type = type
    self.isNullable = nullable
  }
}

/// The columns of a frame or symbol, in order, and which of them is its index.
///
/// The index is a column like any other, sorted ascending (duplicates allowed, no nulls), by whose values
/// rows are found. A frame without an index is found by row number alone.
public struct Schema: Hashable, Sendable {
  public var fields: [Field]
  /// The position of the index column.
  public var indexColumn: Int?

  public init(_ fields: [Field], indexColumn: Int? = nil) {
    precondition(indexColumn.map(fields.indices.contains) ?? true)
    self.fields = fields
    self.indexColumn = indexColumn
  }

  public init(_ fields: [Field], index name: String) {
    self.init(fields, indexColumn: fields.firstIndex { $0.name == name })
  }

  public var indexField: Field? { indexColumn.map { fields[$0] } }

  /// The position of the first column of a name.
  public func position(of name: String) -> Int? { fields.firstIndex { $0.name == name } }
}
