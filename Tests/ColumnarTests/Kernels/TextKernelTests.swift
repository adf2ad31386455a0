import CKernels
import SternaBase
import TestSupport
import Testing

@testable import Columnar

/// Texts of one number each, against strings that Swift makes.
@Suite struct TextKernelTests {
  private struct Shape {
    var before = ""
    var after = ""
    /// 0 for as many digits as the number has.
    var width = 0
    var radix = 10
    var isUppercase = false

    func text(of number: UInt64) -> String {
      let digits = String(number, radix: radix, uppercase: isUppercase)
      let padded = String(repeating: "0", count: max(0, width - digits.count)) + digits
      return before + (width == 0 ? digits : String(padded.suffix(width))) + after
    }

    var pattern: TextPattern {
      var parts: [TextPattern.Part] = before.isEmpty ? [] : [.literal(Array(before.utf8))]
      if width == 0 {
        parts.append(.number)
      } else {
        let hexadecimals = isUppercase ? TextPattern.upperHexDigits : TextPattern.hexDigits
        parts.append(
          .digits(width: width, alphabet: radix == 10 ? TextPattern.decimalDigits : hexadecimals))
      }
      return TextPattern(parts: parts + (after.isEmpty ? [] : [.literal(Array(after.utf8))]))
    }
  }

  /// What is written, ends and bytes, with bytes around the target that nobody may touch.
  private func requireTexts(
    _ shape: Shape, _ numbers: [UInt64], location: SourceLocation = #_sourceLocation
  ) {
    let expected = numbers.map { shape.text(of: $0) }
    let byteCount = expected.reduce(0) { $0 + $1.utf8.count }
    var ends = [Int64](repeating: -1, count: numbers.count)
    var bytes = [UInt8](repeating: 0xEE, count: byteCount + 128)
    let writer = PatternWriter(shape.pattern)
    let field = PatternField(words: numbers.withUnsafeBytes { Bytes(copying: $0) })
    #expect(writer.byteCount(of: [field], count: numbers.count) == byteCount, sourceLocation: location)
    bytes.withUnsafeMutableBytes { bytes in
      ends.withUnsafeMutableBufferPointer { ends in
        writer.write(
          [field],
          to: TextTarget(
            ends: ends, base: 7, data: UnsafeMutableRawBufferPointer(rebasing: bytes[64..<(64 + byteCount)])
          ))
      }
    }
    #expect(Array(bytes[64..<(64 + byteCount)]) == expected.flatMap(\.utf8), sourceLocation: location)
    #expect(bytes[..<64].allSatisfy { $0 == 0xEE } && bytes[(64 + byteCount)...].allSatisfy { $0 == 0xEE })
    var end: Int64 = 7
    let expectedEnds = expected.map { text in
      end += Int64(text.utf8.count)
      return end
    }
    #expect(ends == expectedEnds, sourceLocation: location)
  }

  private static let counts = [1, 2, 5, 47, 48, 49, 63, 64, 65, 200, 1_100]

  private func numbers(_ count: Int, below limit: UInt64) -> [UInt64] {
    var random = SeededGenerator(seed: limit &+ UInt64(count))
    return (0..<count).map { _ in
      (limit == 0 ? random.next() : random.next() % limit) >> (random.next() % 40)
    }
  }

  @Test(arguments: 1...19)
  func decimalsOfEveryWidth(width: Int) {
    for count in Self.counts {
      let numbers = numbers(count, below: DigitWords.power(width))
      requireTexts(Shape(width: width), numbers)
      requireTexts(Shape(before: "user-", width: width), numbers)
      requireTexts(Shape(before: "0123456789abcdef", after: "0123456789abcdef", width: width), numbers)
      requireTexts(Shape(before: "seventeen bytes: ", after: "!", width: width), numbers)
    }
  }

  @Test(arguments: [1, 2, 7, 8, 9, 15, 16])
  func hexadecimalsOfEveryWidth(width: Int) {
    for count in Self.counts {
      let numbers = numbers(count, below: width == 16 ? 0 : 1 << UInt64(4 * width))
      requireTexts(Shape(before: "0x", width: width, radix: 16), numbers)
      requireTexts(Shape(after: "h", width: width, radix: 16, isUppercase: true), numbers)
    }
  }

  @Test(arguments: [10, 1_000, 99_999_999, 100_000_000, 9_999_999_999_999_999, 1 << 59] as [UInt64])
  func numbersWithoutLeadingZeros(limit: UInt64) {
    for count in Self.counts {
      requireTexts(Shape(before: "id-"), numbers(count, below: limit))
      requireTexts(Shape(after: "/é"), numbers(count, below: limit))
    }
  }

  /// Stored by somebody else: only the last digits of numbers that are too large are written.
  @Test func numbersLargerThanTheirDigitsGiveTheLastOnes() {
    requireTexts(Shape(before: "a", width: 3), numbers(300, below: 1 << 60))
    requireTexts(Shape(before: "a", width: 3), numbers(300, below: 1 << 30))
    requireTexts(Shape(before: "a", width: 5, radix: 16), numbers(300, below: 0))
  }
}
