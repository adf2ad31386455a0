import CKernels
import SternaBase

extension ColumnStatistics {
  /// The statistics of a column's values.
  package init(of column: Column) {
    let nullCount = column.nullCount
    guard nullCount < column.count else {
      self.init(nullCount: nullCount)
      return
    }
    let bounds = Self.bounds(of: column)
    self.init(nullCount: nullCount, minimum: bounds?.minimum, maximum: bounds?.maximum)
  }

  private typealias Bounds = (minimum: Value?, maximum: Value?)

  private static func bounds(of column: Column) -> Bounds? {
    switch column.type {
    case .int8: integers(column, Int8.self) { .integer(Int64($0)) }
    case .int16: integers(column, Int16.self) { .integer(Int64($0)) }
    case .int32: integers(column, Int32.self) { .integer(Int64($0)) }
    case .int64: integers(column, Int64.self) { .integer($0) }
    case .uint8: integers(column, UInt8.self) { .unsigned(UInt64($0)) }
    case .uint16: integers(column, UInt16.self) { .unsigned(UInt64($0)) }
    case .uint32: integers(column, UInt32.self) { .unsigned(UInt64($0)) }
    case .uint64: integers(column, UInt64.self) { .unsigned($0) }
    case .date: integers(column, Int32.self) { .date($0) }
    case .timestamp(let unit, _): integers(column, Int64.self) { .timestamp($0, unit) }
    case .duration(let unit): integers(column, Int64.self) { .duration($0, unit) }
    case .float32: floats(column, Float.self) { .float32($0) }
    case .float64: floats(column, Double.self) { .float64($0) }
    case .bool: bools(column)
    case .utf8, .binary, .dictionary: texts(column)
    }
  }

  private static func integers<Element: FixedWidthValue & FixedWidthInteger>(
    _ column: Column, _ element: Element.Type, _ value: (Element) -> Value
  ) -> Bounds? {
    column.withValues(as: Element.self) { values in
      if Element.self == Int64.self, column.validity == nil {
        let (smallest, largest) = UnsafeRawBufferPointer(values).assumingMemoryBound(to: Int64.self).bounds
        return (value(Element(truncatingIfNeeded: smallest)), value(Element(truncatingIfNeeded: largest)))
      }
      let (smallest, largest) = extremes(of: values, column.validity, from: (Element.max, Element.min))
      return (value(smallest), value(largest))
    }
  }

  /// NaN is outside of all bounds: comparisons with it are false and leave them as they are.
  private static func floats<Element: FixedWidthValue & BinaryFloatingPoint>(
    _ column: Column, _ element: Element.Type, _ value: (Element) -> Value
  ) -> Bounds? {
    column.withValues(as: Element.self) { values in
      let (smallest, largest) = floatExtremes(of: values, column.validity)
      return smallest <= largest ? (value(smallest), value(largest)) : nil
    }
  }

  private static func floatExtremes<Element: BinaryFloatingPoint>(
    of values: UnsafeBufferPointer<Element>, _ validity: Bitmap?
  ) -> (smallest: Element, largest: Element) {
    let start = (Element.infinity, -Element.infinity)
    guard Element.self == Double.self, validity == nil else {
      return extremes(of: values, validity, from: start)
    }
    var (smallest, largest) = (Double.infinity, -Double.infinity)
    let doubles = UnsafeRawBufferPointer(values).assumingMemoryBound(to: Double.self)
    if let first = doubles.baseAddress { sterna_double_bounds(first, doubles.count, &smallest, &largest) }
    return (Element(smallest), Element(largest))
  }

  private static func extremes<Element: Comparable>(
    of values: UnsafeBufferPointer<Element>, _ validity: Bitmap?, from start: (Element, Element)
  ) -> (smallest: Element, largest: Element) {
    var (smallest, largest) = start
    func extend(by row: Int) {
      smallest = values[row] < smallest ? values[row] : smallest
      largest = values[row] > largest ? values[row] : largest
    }
    if let validity {
      for row in 0..<values.count where validity[row] { extend(by: row) }
    } else {
      for row in 0..<values.count { extend(by: row) }
    }
    return (smallest, largest)
  }

  private static func bools(_ column: Column) -> Bounds? {
    guard case .bits(let bits) = column.storage else { return nil }
    var (hasFalse, hasTrue) = (false, false)
    for start in stride(from: 0, to: bits.count, by: 64) {
      let word = bits.word(at: start)
      let present = column.validity?.word(at: start) ?? .max >> UInt64(max(0, 64 - (bits.count - start)))
      hasTrue = hasTrue || word & present != 0
      hasFalse = hasFalse || ~word & present != 0
    }
    return (.bool(!hasFalse), .bool(hasTrue))
  }

  private static func texts(_ column: Column) -> Bounds? {
    let extremes: (smallest: [UInt8], largest: [UInt8])?
    if case .dictionary(let codes, let texts) = column.storage {
      // Only the texts that rows use: a slice shares the dictionary of its whole.
      var isUsed = [Bool](repeating: false, count: texts.count)
      let validity = column.validity
      codes.withUnsafeBytes { raw in
        isUsed.withUnsafeMutableBufferPointer { isUsed in
          for (row, code) in raw.assumingMemoryBound(to: Int32.self).enumerated()
          where validity?[row] ?? true { isUsed[Int(code)] = true }
        }
      }
      extremes = texts.withTexts { $0.extremes { isUsed[$0] } }
    } else if let validity = column.validity {
      extremes = column.withTexts { $0.extremes { validity[$0] } }
    } else {
      extremes = column.withTexts { $0.extremes { _ in true } }
    }
    guard let (smallest, largest) = extremes else { return nil }
    let isText = column.type != .binary
    return (
      TextBound.lower(smallest, isText: isText).map { value(of: $0, isText: isText) },
      TextBound.upper(largest, isText: isText).map { value(of: $0, isText: isText) }
    )
  }

  private static func value(of bytes: [UInt8], isText: Bool) -> Value {
    isText ? .text(String(decoding: bytes, as: UTF8.self)) : .binary(Bytes(bytes))
  }
}
