/// Floating-point numbers as text: decimals, rounded to the nearest value (ties to even) without exception,
/// and `nan`, `inf`, `infinity` of either case. What a number written by `description` was, it is again.
enum FloatText {
  @inline(__always)
  static func parseDouble(_ text: UnsafeRawBufferPointer) -> Double? {
    guard let decimal = DecimalText(text) else { return special(text) }
    // The standard library's parser rounds correctly for any number of digits; it is the slow path.
    return exactDouble(decimal) ?? Double(String(decoding: text, as: UTF8.self))
  }

  /// Never by way of a double: rounding twice is not rounding once.
  static func parseFloat(_ text: UnsafeRawBufferPointer) -> Float? {
    guard DecimalText(text) != nil else { return special(text).map { Float($0) } }
    return Float(String(decoding: text, as: UTF8.self))
  }

  /// The value, where one operation on two exact doubles gives it, and so the nearest double (William
  /// Clinger, "How to read floating point numbers accurately", 1990): a significand up to 2^53 and a power
  /// of ten up to 10^22 are exact, and IEEE division and multiplication round once.
  @inline(__always)
  private static func exactDouble(_ decimal: DecimalText) -> Double? {
    guard decimal.significandFits, decimal.significand <= 1 << 53, decimal.exponent >= -22,
      decimal.exponent <= 22
    else { return nil }
    let significand = Double(decimal.significand)
    let magnitude =
      decimal.exponent < 0
      ? significand / powersOfTen[-decimal.exponent] : significand * powersOfTen[decimal.exponent]
    return decimal.isNegative ? -magnitude : magnitude
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
  ]

  private static func special(_ text: UnsafeRawBufferPointer) -> Double? {
    guard (3...9).contains(text.count) else { return nil }
    var word = text.map { $0 | 0x20 }
    let isNegative = text[0] == UInt8(ascii: "-")
    if isNegative || text[0] == UInt8(ascii: "+") { word.removeFirst() }
    switch String(decoding: word, as: UTF8.self) {
    case "nan": return .nan
    case "inf", "infinity": return isNegative ? -.infinity : .infinity
    default: return nil
    }
  }
}
