import SternaBase

extension Column {
  /// Lends the slots of a fixed-width column. The slots of nulls are in it; `validity` says which they are.
  /// - Precondition: `Element` is the slot of the column's type (Int64 for timestamps and durations,
  ///   Int32 for dates and the codes of a dictionary). The pointer must not escape.
  public func withValues<Element: FixedWidthValue, Result, Failure: Error>(
    as element: Element.Type = Element.self,
    _ body: (UnsafeBufferPointer<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(type.slotType == Element.dataType, "values of \(type) read as \(Element.self)")
    return try withSlots { (raw) throws(Failure) -> Result in
      try body(raw.assumingMemoryBound(to: Element.self))
    }
  }

  /// Lends the bytes of the slots of a fixed-width or dictionary column.
  package func withSlots<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    switch storage {
    case .fixedWidth(let values), .dictionary(let values, _): return try values.withUnsafeBytes(body)
    case .bits, .variable: preconditionFailure("\(type) has no slots of fixed width")
    }
  }

  /// Lends the bytes of one utf8, binary or dictionary value without a copy, or nil when it is null.
  public func withBytes<Result>(at row: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
    precondition(row >= 0 && row < count, "row out of bounds")
    guard !isNull(at: row) else { return nil }
    switch storage {
    case .variable(let offsets, let data):
      let range = offsets.withUnsafeBytes { raw in
        let bounds = raw.assumingMemoryBound(to: Int64.self)
        return Int(bounds[row])..<Int(bounds[row + 1])
      }
      return data.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    case .dictionary(let codes, let values):
      let code = codes.withUnsafeBytes { $0.assumingMemoryBound(to: Int32.self)[row] }
      return values.withBytes(at: Int(code), body)
    case .fixedWidth, .bits: preconditionFailure("\(type) has no bytes")
    }
  }

  /// The text of one row of a utf8 or dictionary column, or nil when it is null.
  public func string(at row: Int) -> String? {
    withBytes(at: row) { String(decoding: $0, as: UTF8.self) }
  }

  /// One value of any type. Bulk work goes through `withValues`.
  public func value(at row: Int) -> Value {
    precondition(row >= 0 && row < count, "row out of bounds")
    if isNull(at: row) { return .null }
    switch type {
    case .int8: return .integer(Int64(slot(row, Int8.self)))
    case .int16: return .integer(Int64(slot(row, Int16.self)))
    case .int32: return .integer(Int64(slot(row, Int32.self)))
    case .int64: return .integer(slot(row))
    case .uint8: return .unsigned(UInt64(slot(row, UInt8.self)))
    case .uint16: return .unsigned(UInt64(slot(row, UInt16.self)))
    case .uint32: return .unsigned(UInt64(slot(row, UInt32.self)))
    case .uint64: return .unsigned(slot(row))
    case .float32: return .float32(slot(row))
    case .float64: return .float64(slot(row))
    case .timestamp(let unit, _): return .timestamp(slot(row), unit)
    case .duration(let unit): return .duration(slot(row), unit)
    case .date: return .date(slot(row))
    case .bool:
      guard case .bits(let bits) = storage else { return .null }
      return .bool(bits[row])
    case .utf8, .dictionary: return string(at: row).map(Value.text) ?? .null
    case .binary: return withBytes(at: row) { Value.binary(Bytes(copying: $0)) } ?? .null
    }
  }

  private func slot<Element: FixedWidthValue>(_ row: Int, _ element: Element.Type = Element.self) -> Element
  {
    withValues(as: Element.self) { $0[row] }
  }
}
