import SternaBase
import TestSupport
import Testing

@testable import Columnar

@Suite struct TextPatternTests {
  @Test func decimalDigitsAreThoseOfDescriptions() {
    var random = SeededGenerator(seed: 1)
    var numbers: [UInt64] = [0, 1, 9, 10, .max]
    for exponent in 1..<20 {
      let power = DigitWords.power(exponent)
      numbers += [power - 1, power, power + 1]
    }
    numbers += (0..<1_000).map { _ in random.next() >> (random.next() % 64) }
    for number in numbers {
      #expect(DigitWords.decimalCount(of: number) == String(number).utf8.count, "\(number)")
      let low = number % 100_000_000
      let eight = withUnsafeBytes(of: DigitWords.decimal(low).littleEndian) {
        String(decoding: $0, as: UTF8.self)
      }
      #expect(eight == String(String(100_000_000 + low).dropFirst()))
    }
  }

  private func pattern(of texts: [String?]) throws -> String {
    let column = Column.strings(texts)
    let (node, bytes) = try ColumnEncoder(options: .standard).encode(column)
    let decoded = try ColumnDecoder.decode(node, bytes, type: .utf8, count: column.count)
    #expect(decoded == column, "\(node.description) \(texts.prefix(3))")
    return node.description
  }

  private func rows(_ seed: UInt64, _ text: (inout SeededGenerator) -> String) -> [String] {
    var random = SeededGenerator(seed: seed)
    return (0..<1_500).map { _ in text(&random) }
  }

  @Test func idsBecomeNumbers() throws {
    let ids = rows(1) { "id-\($0.next() % 5_000_000)" }
    #expect(try pattern(of: ids) == "pattern(for)")
    #expect(try pattern(of: ids.map { $0 + " of \($0.utf8.count)" }).hasPrefix("pattern(for, "))
    let padded = rows(2) { String(String(1_000_000_000 + $0.next() % 1_000_000_000).dropFirst()) }
    #expect(try pattern(of: padded) == "pattern(for)")
    let hex = rows(3) { String(String(1 << 63 | $0.next() >> 1, radix: 16)) }
    #expect(try pattern(of: hex).hasPrefix("pattern("))
    let addresses = rows(4) { "10.\($0.next() % 256).\($0.next() % 256).\($0.next() % 256)" }
    #expect(try pattern(of: addresses) == "pattern(constant, for, for, for)")
    let counter = (0..<1_500).map { "ORD-\(20_000 + $0)-X" }
    #expect(try pattern(of: counter) == "pattern(differences(constant))")
    let words = rows(5) { random in
      String(decoding: (0..<6).map { _ in UInt8(97 + random.next() % 26) }, as: UTF8.self)
    }
    #expect(PatternEncoding.parts(of: .strings(words))?.pattern.fieldCount == 1)
  }

  @Test func oneTextOfAnotherShapeIsEnoughForNoPattern() throws {
    for odd in ["", "id-", "id-01", "id-1 ", "ID-1", "id-1234567890123456789", "é"] {
      for place in [0, 700, 1_499] {
        var ids = rows(6) { "id-\(1 + $0.next() % 5_000_000)" }
        ids[place] = odd
        #expect(!(try pattern(of: ids).contains("pattern")), "\(odd) at \(place)")
      }
    }
  }

  @Test func nullsRepeatTheNumberBeforeThem() throws {
    let ids = rows(7) { "id-\($0.next() % 5_000_000)" }
    let sparse = ids.enumerated().map { $0.offset % 50 == 0 ? nil : $0.element }
    let choice = try pattern(of: sparse)
    #expect(choice == "nullable(zstd(bitmap), pattern(for))")
  }

  @Test func patternsComeBackFromTheirBytes() throws {
    let patterns = [
      TextPattern(parts: [
        .literal([1, 255]), .number, .digits(width: 16, alphabet: TextPattern.hexDigits),
      ]),
      TextPattern(parts: [.digits(width: 8, alphabet: (0...255).map { UInt8($0) })]),
      TextPattern(parts: [.digits(width: 64, alphabet: [0x30, 0x31])]),
    ]
    for pattern in patterns {
      var writer = ByteWriter()
      pattern.write(to: &writer)
      var reader = ByteReader(writer.finish(), subject: "pattern")
      #expect(try TextPattern(reading: &reader) == pattern)
    }
  }

  @Test func patternsThatDoNotFitIn64BitsAreRefused() {
    for bytes: [UInt8] in [
      [1, 2, 17, 15] + TextPattern.hexDigits, [1, 2, 0, 1, 48, 49], [1, 2, 1, 0, 48], [1, 3],
    ] {
      var reader = ByteReader(Bytes(bytes), subject: "pattern")
      #expect(throws: SternaError.self) { try TextPattern(reading: &reader) }
    }
  }
}
