/// Decimal and hexadecimal digits of numbers, eight at a time within one word.
enum DigitWords {
  /// Literals, so that they are there before the program runs.
  private static let powers: [UInt64] = [
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
    100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
    10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
  ]

  static func power(_ exponent: Int) -> UInt64 { powers[exponent] }

  /// How many digits a number has; 0 has one.
  static func decimalCount(of number: UInt64) -> Int {
    // 1233 / 4096 is the logarithm of 2; the guess is at most one too large.
    let guess = ((64 - (number | 1).leadingZeroBitCount) * 1_233) >> 12
    return guess < 20 && number >= powers[guess] ? guess + 1 : max(guess, 1)
  }

  /// The eight digits of a number below 10^8 as ASCII, the first in the lowest byte.
  @inline(__always)
  static func decimal(_ number: UInt64) -> UInt64 {
    var parts = number / 10_000 | (number % 10_000) << 32
    // Each 32-bit half, below 10^4, into two 16-bit quarters below 100; each of these into two bytes
    // below 10.
    var quotients = (parts &* 10_486) >> 20 & 0x0000_007F_0000_007F
    parts = quotients | (parts &- quotients &* 100) << 16
    quotients = (parts &* 103) >> 10 & 0x000F_000F_000F_000F
    parts = quotients | (parts &- quotients &* 10) << 8
    return parts | 0x3030_3030_3030_3030
  }

  /// The eight lowest hexadecimal digits as ASCII, the first in the lowest byte. `letterGap` is how far
  /// "a" or "A" is behind the byte after "9".
  @inline(__always)
  static func hexadecimal(_ number: UInt64, letterGap: UInt64) -> UInt64 {
    var digits = (number & 0xFFFF_0000) << 16 | number & 0xFFFF
    digits = (digits << 8 | digits) & 0x00FF_00FF_00FF_00FF
    digits = (digits << 4 | digits) & 0x0F0F_0F0F_0F0F_0F0F
    let letters = (digits &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
    return (digits &+ 0x3030_3030_3030_3030 &+ letters &* letterGap).byteSwapped
  }
}
