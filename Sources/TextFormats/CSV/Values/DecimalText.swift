/// The parts of a finite decimal number as text, before anyone rounds it: `-12.5e3`, `.5`, `7`.
///
///     sign   significand (all digits as one integer)   exponent of ten
///      -                  125                               2
struct DecimalText {
  private(set) var isNegative = false
  /// Meaningful when `significandFits`.
  private(set) var significand: UInt64 = 0
  private(set) var exponent = 0
  /// False when there are more digits than a UInt64 is sure to hold.
  private(set) var significandFits = true
  /// True when the text has neither a point nor an exponent.
  private(set) var isInteger = true

  /// Nil when the bytes are not exactly one number.
  @inline(__always)
  init?(_ text: UnsafeRawBufferPointer) {
    var position = 0
    if let first = text.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      isNegative = first == UInt8(ascii: "-")
      position = 1
    }
    let start = position
    takeDigits(text, &position)
    var digitCount = position - start
    if position < text.count, text[position] == UInt8(ascii: ".") {
      isInteger = false
      position += 1
      let fractionStart = position
      takeDigits(text, &position)
      digitCount += position - fractionStart
      exponent = fractionStart - position
    }
    guard digitCount > 0 else { return nil }
    // Leading zeros count too: a bound that is safe, and cheap.
    significandFits = digitCount <= 19
    if position < text.count {
      guard text[position] | 0x20 == UInt8(ascii: "e"), takeExponent(text, &position) else { return nil }
    }
    guard position == text.count else { return nil }
  }

  @inline(__always)
  private mutating func takeDigits(_ text: UnsafeRawBufferPointer, _ position: inout Int) {
    while position < text.count {
      let digit = text[position] &- UInt8(ascii: "0")
      guard digit <= 9 else { return }
      significand = significand &* 10 &+ UInt64(digit)
      position += 1
    }
  }

  private mutating func takeExponent(_ text: UnsafeRawBufferPointer, _ position: inout Int) -> Bool {
    isInteger = false
    position += 1
    var isBelowOne = false
    if position < text.count, text[position] == UInt8(ascii: "-") || text[position] == UInt8(ascii: "+") {
      isBelowOne = text[position] == UInt8(ascii: "-")
      position += 1
    }
    let start = position
    var value = 0
    while position < text.count {
      let digit = text[position] &- UInt8(ascii: "0")
      guard digit <= 9 else { return false }
      // Capped far beyond any double, so that a hostile exponent cannot overflow.
      value = min(value * 10 + Int(digit), 1_000_000)
      position += 1
    }
    exponent += isBelowOne ? -value : value
    return position > start
  }
}
