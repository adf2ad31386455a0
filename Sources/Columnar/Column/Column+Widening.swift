import SternaBase

extension Column {
  /// A column of nothing but nulls.
  package static func nulls(_ type: DataType, count: Int) -> Column {
    let builder = ColumnBuilder(type, reserving: count)
    for _ in 0..<count { builder.appendNull() }
    return builder.finish()
  }

  /// The same numbers in a wider type.
  /// - Precondition: `wider` is what `DataType.common` gives for the column's type and another one.
  package func widened(to wider: DataType) -> Column {
    if type == wider { return self }
    let slots: Bytes =
      switch type {
      case .int8: integers(Int8.self, to: wider)
      case .int16: integers(Int16.self, to: wider)
      case .int32: integers(Int32.self, to: wider)
      case .int64: integers(Int64.self, to: wider)
      case .uint8: integers(UInt8.self, to: wider)
      case .uint16: integers(UInt16.self, to: wider)
      case .uint32: integers(UInt32.self, to: wider)
      case .uint64: integers(UInt64.self, to: wider)
      case .float32: converted { (value: Float) in Double(value) }
      default: preconditionFailure("\(type) has no wider type")
      }
    return Column(type: wider, count: count, storage: .fixedWidth(slots), validity: validity)
  }

  private func integers<Narrow: FixedWidthValue & FixedWidthInteger>(
    _ narrow: Narrow.Type, to wider: DataType
  ) -> Bytes {
    switch wider {
    case .int16: converted { (value: Narrow) in Int16(truncatingIfNeeded: value) }
    case .int32: converted { (value: Narrow) in Int32(truncatingIfNeeded: value) }
    case .int64: converted { (value: Narrow) in Int64(truncatingIfNeeded: value) }
    case .uint16: converted { (value: Narrow) in UInt16(truncatingIfNeeded: value) }
    case .uint32: converted { (value: Narrow) in UInt32(truncatingIfNeeded: value) }
    case .uint64: converted { (value: Narrow) in UInt64(truncatingIfNeeded: value) }
    case .float32: converted { (value: Narrow) in Float(value) }
    case .float64: converted { (value: Narrow) in Double(value) }
    default: preconditionFailure("\(type) is not widened to \(wider)")
    }
  }

  private func converted<Narrow: FixedWidthValue, Wide: FixedWidthValue>(
    _ convert: (Narrow) -> Wide
  ) -> Bytes {
    withValues(as: Narrow.self) { values in
      Bytes(count: values.count * MemoryLayout<Wide>.size) { out in
        let wide = out.assumingMemoryBound(to: Wide.self)
        for row in values.indices { wide[row] = convert(values[row]) }
      }
    }
  }
}

extension DataFrame {
  /// The rows with the columns of a wider schema: numbers in its types, nulls where a column is missing.
  /// - Precondition: `wider` is a union of the frame's schema with others.
  package func widened(to wider: Schema) -> DataFrame {
    if schema.hasSameNamesAndTypes(as: wider) {
      return DataFrame(schema: wider, columns: columns, rowCount: rowCount)
    }
    let columns = wider.fields.map { field in
      self[field.name]?.widened(to: field.type) ?? .nulls(field.type, count: rowCount)
    }
    return DataFrame(schema: wider, columns: columns, rowCount: rowCount)
  }
}
