/// Decimal integers as text: an optional sign and digits.
enum IntegerText {
  /// Nil when the text is anything else or the value does not fit.
  @inline(__always)
  static func parse<Integer: FixedWidthInteger>(_ text: UnsafeRawBufferPointer, as: Integer.Type)
    -> Integer?
  {
    guard let (magnitude, isNegative) = magnitude(text) else { return nil }
    guard isNegative else { return Integer(exactly: magnitude) }
    if let value = Int64(exactly: magnitude) { return Integer(exactly: -value) }
    return magnitude == Int64.min.magnitude ? Integer(exactly: Int64.min) : nil
  }

  @inline(__always)
  private static func magnitude(_ text: UnsafeRawBufferPointer) -> (value: UInt64, isNegative: Bool)? {
    guard let first = text.first else { return nil }
    let isNegative = first == UInt8(ascii: "-")
    var position = isNegative || first == UInt8(ascii: "+") ? 1 : 0
    guard position < text.count else { return nil }
    var value: UInt64 = 0
    // 18 digits cannot overflow; the rare longer ones are checked digit by digit.
    let unchecked = min(text.count, position + 18)
    while position < unchecked {
      let digit = text[position] &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      value = value &* 10 &+ UInt64(digit)
      position += 1
    }
    while position < text.count {
      let digit = text[position] &- UInt8(ascii: "0")
      let (tenfold, overflowed) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflowedSum) = tenfold.addingReportingOverflow(UInt64(digit))
      guard digit <= 9, !overflowed, !overflowedSum else { return nil }
      value = sum
      position += 1
    }
    return (value, isNegative)
  }
}
