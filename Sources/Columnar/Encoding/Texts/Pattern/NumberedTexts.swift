import CKernels
import SternaBase

/// The texts of a chunk that differ in one number only, seen as these numbers.
///
///     texts     user-0017   user-0004   user-0017
///     numbers          17           4          17      of the pattern "user-", four digits
///
/// - Invariant: different numbers are different texts, all of them ASCII.
struct NumberedTexts: Sendable {
  /// The decimal digits of a field that joined ones are counted into, at most.
  private static let joinedWidthMax = 16

  /// One or two patterns of the same texts. Digits that all texts of the chunk have in common are within
  /// the field, for another chunk's may be others; and digits without leading zeros are a plain number,
  /// too.
  let patterns: [TextPattern]
  let numbers: ClosedRange<UInt64>
  private let field: PatternField
  /// What the common digits add to the numbers of the field.
  private let addend: UInt64

  /// Nil for several fields, for texts that may be no ASCII, and for numbers that their digits do not hold.
  init?(_ texts: PatternTexts) {
    guard texts.count > 0, texts.fields.count == 1, texts.pattern.isASCII else { return nil }
    field = texts.fields[0]
    var (smallest, largest): (Int64, Int64) = (0, 0)
    field.words.withUnsafeBytes {
      let numbers = $0.assumingMemoryBound(to: Int64.self)
      sterna_bounds(numbers.baseAddress, numbers.count, &smallest, &largest)
    }
    guard smallest >= 0, texts.pattern.holds(UInt64(largest)) else { return nil }
    let (pattern, addend) = texts.pattern.joiningDigits(widthMax: Self.joinedWidthMax)
    self.addend = addend
    numbers = (UInt64(smallest) + addend)...(UInt64(largest) + addend)
    patterns = [pattern] + [pattern.withoutLeadingZeros(from: numbers.lowerBound)].compactMap { $0 }
  }

  /// Writes the distance of each number from a base, which wraps.
  func write(distancesFrom base: UInt64, to codes: UnsafeMutableBufferPointer<UInt32>) {
    let difference = addend &- base
    field.withNumbers { numbers in
      for row in 0..<codes.count { codes[row] = UInt32(truncatingIfNeeded: numbers[row] &+ difference) }
    }
  }
}

extension TextPattern {
  /// Whether a number of the only field has no more digits than are written.
  fileprivate func holds(_ number: UInt64) -> Bool {
    for case .digits(let width, let alphabet) in parts {
      let power = (0..<width).reduce(into: (value: UInt64(1), isOver: false)) { power, _ in
        let (product, isOver) = power.value.multipliedReportingOverflow(by: UInt64(alphabet.count))
        power = (product, power.isOver || isOver)
      }
      return power.isOver || number < power.value
    }
    return true
  }

  /// The same texts with a plain number, where the smallest one has all digits of the only field.
  fileprivate func withoutLeadingZeros(from smallest: UInt64) -> TextPattern? {
    for (index, part) in parts.enumerated() {
      guard case .digits(let width, Self.decimalDigits) = part, width <= Self.numberWidthMax,
        DigitWords.decimalCount(of: smallest) == width
      else { continue }
      var plain = self
      plain.parts[index] = .number
      return plain
    }
    return nil
  }

  /// The same texts with decimal digits that stand before those of the only field as part of it, and what
  /// they add to its numbers.
  fileprivate func joiningDigits(widthMax: Int) -> (pattern: TextPattern, addend: UInt64) {
    for (index, part) in parts.enumerated() {
      guard case .digits(let width, Self.decimalDigits) = part, index > 0, width < widthMax,
        case .literal(let bytes) = parts[index - 1]
      else { continue }
      let digits = bytes.suffix(widthMax - width).reversed().prefix(while: Self.isDigit).reversed()
      let number = digits.reduce(UInt64(0)) { $0 * 10 + UInt64($1 - 0x30) }
      var joined = self
      joined.parts[index] = .digits(width: width + digits.count, alphabet: Self.decimalDigits)
      let literal = Array(bytes.dropLast(digits.count))
      joined.parts.replaceSubrange((index - 1)..<index, with: literal.isEmpty ? [] : [.literal(literal)])
      return (joined, number * DigitWords.power(width))
    }
    return (self, 0)
  }
}
