import SternaBase

// A column as an index: its values widened to Int64, and binary search. Every type of `canIndex` fits.
extension Column {
  /// The value of a row as the index sees it.
  /// - Precondition: the type can index; a null's slot counts as the value it holds.
  public func indexValue(at row: Int) -> Int64 {
    precondition(row >= 0 && row < count, "row out of bounds")
    return withIndexValues { $0(row) }
  }

  /// The first row whose value is not below `value`, or `count`.
  /// - Precondition: the column is sorted ascending.
  public func lowerBound(of value: Int64) -> Int { partitionPoint { $0 < value } }

  /// The first row whose value is above `value`, or `count`.
  /// - Precondition: the column is sorted ascending.
  public func upperBound(of value: Int64) -> Int { partitionPoint { $0 <= value } }

  /// The first row whose value is below its predecessor's, or nil when the column is sorted ascending.
  package var firstUnsortedRow: Int? {
    switch type.slotType {
    case .int8: firstDescent(Int8.self)
    case .int16: firstDescent(Int16.self)
    case .int32: firstDescent(Int32.self)
    case .int64: firstDescent(Int64.self)
    case .uint8: firstDescent(UInt8.self)
    case .uint16: firstDescent(UInt16.self)
    case .uint32: firstDescent(UInt32.self)
    default: preconditionFailure("\(type) cannot index")
    }
  }

  private func firstDescent<Element: FixedWidthValue & Comparable>(_ element: Element.Type) -> Int? {
    withValues(as: Element.self) { values in
      var row = 1
      while row < values.count {
        if values[row] < values[row - 1] { return row }
        row += 1
      }
      return nil
    }
  }

  /// Binary search for the first row of which `isBefore` does not hold.
  private func partitionPoint(_ isBefore: (Int64) -> Bool) -> Int {
    withIndexValues { value in
      var low = 0
      var high = count
      while low < high {
        let middle = low + (high - low) / 2
        if isBefore(value(middle)) { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }

  private func withIndexValues<Result>(_ body: ((Int) -> Int64) -> Result) -> Result {
    func widened<Element: FixedWidthValue & FixedWidthInteger>(_ element: Element.Type) -> Result {
      withValues(as: Element.self) { values in body { Int64(truncatingIfNeeded: values[$0]) } }
    }
    switch type.slotType {
    case .int8: return widened(Int8.self)
    case .int16: return widened(Int16.self)
    case .int32: return widened(Int32.self)
    case .int64: return widened(Int64.self)
    case .uint8: return widened(UInt8.self)
    case .uint16: return widened(UInt16.self)
    case .uint32: return widened(UInt32.self)
    default: preconditionFailure("\(type) cannot index")
    }
  }
}
