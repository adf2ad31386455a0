import SternaBase
import Testing

@testable import Columnar

@Suite struct NumberedTextsTests {
  private func numbered(_ parts: [TextPattern.Part], _ numbers: [UInt64]) -> NumberedTexts? {
    let pattern = TextPattern(parts: parts)
    let words = Bytes(count: numbers.count * 8) { $0.copyBytes(from: numbers.withUnsafeBytes(Array.init)) }
    return NumberedTexts(
      PatternTexts(
        pattern: pattern, fields: [PatternField(words: words)], isText: true, count: numbers.count))
  }

  private static let decimal = TextPattern.decimalDigits

  @Test func digitsInCommonBelongToTheNumber() throws {
    let ids = try #require(
      numbered([.literal(Array("user-020".utf8)), .digits(width: 2, alphabet: Self.decimal)], [7, 99]))
    #expect(ids.numbers == 2_007...2_099)
    #expect(
      ids.patterns
        == [TextPattern(parts: [.literal(Array("user-".utf8)), .digits(width: 5, alphabet: Self.decimal)])])
    let plain = try #require(
      numbered([.literal(Array("9".utf8)), .digits(width: 1, alphabet: Self.decimal)], [0, 3]))
    #expect(plain.numbers == 90...93)
    #expect(
      plain.patterns == [
        TextPattern(parts: [.digits(width: 2, alphabet: Self.decimal)]), TextPattern(parts: [.number]),
      ])
  }

  @Test func whatIsNoNumberOfItsDigitsIsNone() {
    let two = TextPattern.Part.digits(width: 2, alphabet: Self.decimal)
    #expect(numbered([two], [5, 99]) != nil)
    // Two digits of 105 are those of 5: equal texts of different numbers.
    #expect(numbered([two], [5, 105]) == nil)
    #expect(numbered([.digits(width: 2, alphabet: TextPattern.hexDigits)], [255]) != nil)
    #expect(numbered([.digits(width: 2, alphabet: TextPattern.hexDigits)], [256]) == nil)
    #expect(numbered([.literal([0xC3, 0xBC]), two], [5]) == nil)
    #expect(numbered([.digits(width: 16, alphabet: TextPattern.hexDigits)], [.max]) == nil)
    #expect(numbered([two], []) == nil)
  }

  @Test func rangesThatAreTooLargeAreRefused() throws {
    let near = try #require(numbered([.number], [1_000, 1_099]))
    let far = try #require(numbered([.number], [900, 901]))
    #expect(NumberDictionary(near, countMax: 99) == nil)
    var dictionary = try #require(NumberDictionary(near, countMax: 200))
    let hasTaken = (dictionary.take(far, countMax: 199), dictionary.take(far, countMax: 200))
    #expect(hasTaken == (false, true))
    #expect(dictionary.base &- UInt64(dictionary.shift) == 900)
    let texts = try dictionary.texts()
    #expect(texts.count == 200 && texts.string(at: 0) == "900" && texts.string(at: 199) == "1099")
    let huge = try #require(numbered([.number], [0, UInt64(Int64.max)]))
    #expect(NumberDictionary(huge, countMax: .max) == nil)
  }
}
