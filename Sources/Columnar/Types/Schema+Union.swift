public import SternaBase

extension Schema {
  /// The columns of both schemas, those of `self` first, each of a type that holds the values of both.
  ///
  /// - Throws: `schemaMismatch` when the indexes differ, a name occurs twice, or two types have none in
  ///   common.
  public func union(_ other: Schema) throws(SternaError) -> Schema {
    guard indexField?.name == other.indexField?.name, indexField?.type == other.indexField?.type else {
      throw SternaError(
        .schemaMismatch,
        "the index is \(Self.describe(indexField)) on one side, "
          + "\(Self.describe(other.indexField)) on the other",
        advice: "Give the data the symbol's index column.")
    }
    try requireDistinctNames()
    try other.requireDistinctNames()
    var union = self
    for (position, field) in other.fields.enumerated() {
      guard let present = self.position(of: field.name) else {
        union.fields.append(Field(field.name, field.type))
        continue
      }
      guard let type = fields[present].type.common(with: field.type) else {
        throw SternaError(
          .schemaMismatch,
          "column '\(field.name)' is \(fields[present].type) on one side and \(field.type) on the other, "
            + "and no type holds the values of both",
          advice: "Convert the column, or write the symbol anew with the new type.")
      }
      union.fields[present].type = type
      if position != other.indexColumn, field.isNullable { union.fields[present].isNullable = true }
    }
    let names = Set(other.fields.map(\.name))
    for (position, field) in fields.enumerated()
    where position != indexColumn && !names.contains(field.name) {
      union.fields[position].isNullable = true
    }
    return union
  }

  /// Whether rows of this schema can join those of `other` without a change of its columns: nulls may come.
  public func hasSameNamesAndTypes(as other: Schema) -> Bool {
    fields.map(\.name) == other.fields.map(\.name) && fields.map(\.type) == other.fields.map(\.type)
  }

  private func requireDistinctNames() throws(SternaError) {
    var names: Set<String> = []
    for field in fields where !names.insert(field.name).inserted {
      throw SternaError(
        .schemaMismatch, "two columns are named '\(field.name)', so columns cannot be told apart by name",
        advice: "Rename one of them, or use a library with a fixed schema.")
    }
  }

  private static func describe(_ index: Field?) -> String {
    index.map { "'\($0.name)' of type \($0.type)" } ?? "the row number"
  }
}

extension DataType {
  /// The smallest number type that holds the values of both, or nil. Whole numbers beside fractions become
  /// fractions, which are exact up to 24 bits in a float32 and 53 in a float64; whole numbers of 64 bits
  /// may then be rounded, as they are in NumPy.
  public func common(with other: DataType) -> DataType? {
    if self == other { return self }
    guard let left = number, let right = other.number else { return nil }
    switch (left.kind, right.kind) {
    case (.float, .float): return left.bits > right.bits ? self : other
    case (.float, _): return right.bits <= 16 ? self : .float64
    case (_, .float): return left.bits <= 16 ? other : .float64
    case (.signed, .signed), (.unsigned, .unsigned): return left.bits > right.bits ? self : other
    case (.signed, .unsigned): return Self.signed(bits: max(left.bits, right.bits * 2))
    case (.unsigned, .signed): return Self.signed(bits: max(right.bits, left.bits * 2))
    }
  }

  private enum NumberKind { case signed, unsigned, float }

  private var number: (kind: NumberKind, bits: Int)? {
    switch self {
    case .int8: (.signed, 8)
    case .int16: (.signed, 16)
    case .int32: (.signed, 32)
    case .int64: (.signed, 64)
    case .uint8: (.unsigned, 8)
    case .uint16: (.unsigned, 16)
    case .uint32: (.unsigned, 32)
    case .uint64: (.unsigned, 64)
    case .float32: (.float, 32)
    case .float64: (.float, 64)
    default: nil
    }
  }

  private static func signed(bits: Int) -> DataType? {
    switch bits {
    case 16: .int16
    case 32: .int32
    case 64: .int64
    default: nil
    }
  }
}
