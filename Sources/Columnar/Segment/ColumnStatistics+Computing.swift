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
      var (smallest, largest) = (Element.max, Element.min)
      for row in 0..<values.count where column.validity?[row] ?? true {
        smallest = values[row] < smallest ? values[row] : smallest
        largest = values[row] > largest ? values[row] : largest
      }
      return (value(smallest), value(largest))
    }
  }

  /// NaN is outside of all bounds: comparisons with it are false and leave them as they are.
  private static func floats<Element: FixedWidthValue & BinaryFloatingPoint>(
    _ column: Column, _ element: Element.Type, _ value: (Element) -> Value
  ) -> Bounds? {
    column.withValues(as: Element.self) { values in
      var (smallest, largest) = (Element.infinity, -Element.infinity)
      for row in 0..<values.count where column.validity?[row] ?? true {
        smallest = values[row] < smallest ? values[row] : smallest
        largest = values[row] > largest ? values[row] : largest
      }
      return smallest <= largest ? (value(smallest), value(largest)) : nil
    }
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
    var smallest: [UInt8]?
    var largest: [UInt8]?
    for row in 0..<column.count {
      _ = column.withBytes(at: row) { text in
        if smallest.map({ text.precedes($0) }) ?? true { smallest = Array(text) }
        if largest.map({ text.follows($0) }) ?? true { largest = Array(text) }
      }
    }
    guard let smallest, let largest else { return nil }
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

/// Shortens the extremes of texts to what a statistic keeps, never cutting a value off.
enum TextBound {
  /// A prefix: not above the text. Nil when no whole character fits.
  static func lower(_ text: [UInt8], isText: Bool) -> [UInt8]? {
    prefix(text, isText: isText)
  }

  /// The text itself when it is short, else a prefix whose last character is replaced by its successor: above
  /// every text that begins with the prefix. Nil when no character has one.
  static func upper(_ text: [UInt8], isText: Bool) -> [UInt8]? {
    guard text.count > SegmentLimits.statisticByteCount else { return text }
    var head = prefix(text, isText: isText) ?? []
    // In texts only ASCII has a successor that is surely one character of the same length.
    while let last = head.popLast() {
      if last < (isText ? 0x7F : 0xFF) { return head + [last + 1] }
    }
    return nil
  }

  private static func prefix(_ text: [UInt8], isText: Bool) -> [UInt8]? {
    guard text.count > SegmentLimits.statisticByteCount else { return text }
    var end = SegmentLimits.statisticByteCount
    while isText, end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
    return Array(text[..<end])
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func precedes(_ other: [UInt8]) -> Bool { lexicographicallyPrecedes(other) }
  fileprivate func follows(_ other: [UInt8]) -> Bool { other.lexicographicallyPrecedes(self) }
}
