/// Reads short ASCII text front to back without allocating: the common ground of the parsers of times.
///
/// Every step answers nil where the text does not go on as asked; none can trap.
struct TextScanner {
  private let text: UnsafeRawBufferPointer
  private(set) var position = 0

  init(_ text: UnsafeRawBufferPointer) { self.text = text }

  var isAtEnd: Bool { position == text.count }
  /// The next byte, or 0 at the end (no grammar here has a NUL).
  var next: UInt8 { position < text.count ? text[position] : 0 }

  mutating func skip(_ byte: UInt8) -> Bool {
    guard next == byte, !isAtEnd else { return false }
    position += 1
    return true
  }

  /// Exactly `count` decimal digits.
  mutating func number(digitCount: Int) -> Int? {
    guard position + digitCount <= text.count else { return nil }
    var value = 0
    for _ in 0..<digitCount {
      let digit = text[position] &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      value = value * 10 + Int(digit)
      position += 1
    }
    return value
  }

  /// One or more digits whose value fits, and how many they were.
  mutating func number() -> (value: Int64, digitCount: Int)? {
    let start = position
    var value: Int64 = 0
    while !isAtEnd {
      let digit = text[position] &- UInt8(ascii: "0")
      guard digit <= 9 else { break }
      let (tenfold, overflowed) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflowedSum) = tenfold.addingReportingOverflow(Int64(digit))
      guard !overflowed, !overflowedSum else { return nil }
      value = sum
      position += 1
    }
    return position == start ? nil : (value, position - start)
  }

  /// One to nine digits behind a decimal point, as nanoseconds.
  mutating func fraction() -> Int64? {
    guard let (digits, count) = number(), count <= 9 else { return nil }
    return (count..<9).reduce(digits) { value, _ in value * 10 }
  }
}
