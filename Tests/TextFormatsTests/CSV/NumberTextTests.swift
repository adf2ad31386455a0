import Columnar
import SternaBase
import TestSupport
import Testing

@testable import TextFormats

@Suite struct NumberTextTests {
  private func double(_ text: String) -> Double? {
    Array(text.utf8).withUnsafeBytes { FloatText.parseDouble($0) }
  }
  private func float(_ text: String) -> Float? {
    Array(text.utf8).withUnsafeBytes { FloatText.parseFloat($0) }
  }
  private func integer<Integer: FixedWidthInteger>(_ text: String, _ type: Integer.Type) -> Integer? {
    Array(text.utf8).withUnsafeBytes { IntegerText.parse($0, as: type) }
  }

  @Test func integersAreReadUpToTheLimitsOfTheirType() {
    for text in ["0", "-0", "+7", "-128", "127", "128", "-129", "00012", "99999999999999999999"] {
      #expect(integer(text, Int8.self) == Int8(text), "\(text)")
      #expect(integer(text, UInt8.self) == UInt8(text), "\(text)")
    }
    for text in [
      "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
      "18446744073709551615", "18446744073709551616", "0000000000000000000000001",
      "123456789012345678901234567890",
    ] {
      #expect(integer(text, Int64.self) == Int64(text), "\(text)")
      #expect(integer(text, UInt64.self) == UInt64(text), "\(text)")
    }
  }

  @Test(arguments: [
    "", "-", "+", " 1", "1 ", "1.0", "1e3", "--1", "0x10", "1,0", "１", "123456789012345678x",
  ])
  func textThatIsNoIntegerIsRefused(text: String) {
    #expect(integer(text, Int64.self) == nil)
  }

  @Test(arguments: [
    "0", "-0", "0.0", "-0.0", "1", "167.41", ".5", "5.", "1e5", "1E-5", "1.5e+3", "9007199254740992",
    "9007199254740993", "9007199254740993.0000000000000000001", "0.1", "0.30000000000000004", "1e22",
    "1e23",
    "123456789012345e22", "2.2250738585072011e-308", "2.2250738585072014e-308", "4.9e-324", "2.4e-324",
    "1.7976931348623157e308", "1.7976931348623159e308", "1e400", "-1e400", "1e-400",
    "1e99999999999999999999",
    "0e99999999999999999999", "179769313486231580793728971405301e277", "8.5e-22", "7.3177701707893310e+15",
    "00000000000000000000000000000000000001.5", "0.000000000000000000000000000000000000012345",
  ])
  func doublesAreRoundedAsTheStandardLibraryDoes(text: String) throws {
    let expected = try #require(Double(text.hasSuffix(".") ? text + "0" : text))
    #expect(double(text)?.bitPattern == expected.bitPattern)
    #expect(float(text)?.bitPattern == Float(text.hasSuffix(".") ? text + "0" : text)?.bitPattern)
  }

  @Test func everyDoubleComesBackFromItsShortestText() {
    var random = SeededGenerator.fresh()
    for _ in 0..<3_000 {
      let value = Double(bitPattern: random.next())
      if !value.isNaN { #expect(double("\(value)")?.bitPattern == value.bitPattern, "\(random): \(value)") }
      let price = Double(Int64.random(in: -10_000_000...10_000_000, using: &random)) / 10_000
      #expect(double("\(price)")?.bitPattern == price.bitPattern, "\(random): \(price)")
      let single = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
      if !single.isNaN {
        #expect(float("\(single)")?.bitPattern == single.bitPattern, "\(random): \(single)")
      }
    }
  }

  @Test func namedValuesAreReadInEitherCase() {
    #expect(double("NaN")?.isNaN == true)
    #expect(double("-nan")?.isNaN == true)
    #expect(double("inf") == .infinity)
    #expect(double("-Infinity") == -.infinity)
    #expect(float("INF") == .infinity)
  }

  @Test(arguments: [
    "", ".", "-", "+", "e5", "1e", "1e+", "1.2.3", "1 ", "0x1p3", "nan(1)", "infinit", "1e5.0", "--1",
  ])
  func textThatIsNoNumberIsRefused(text: String) {
    #expect(double(text) == nil)
    #expect(float(text) == nil)
  }

  @Test(arguments: [
    ("1381118400", TimeUnit.second, TimeUnit.nanosecond, 1_381_118_400_000_000_000 as Int64?),
    ("1381118400.464", .second, .nanosecond, 1_381_118_400_464_000_000),
    ("-1.5", .second, .millisecond, -1_500), ("1500", .millisecond, .second, nil),
    ("2000", .millisecond, .second, 2),
    ("1.000", .nanosecond, .nanosecond, 1), ("1.5", .nanosecond, .nanosecond, nil),
    ("0.000", .second, .second, 0),
    ("9223372036855", .millisecond, .nanosecond, nil), ("1e3", .second, .second, nil),
    ("x", .second, .second, nil),
    ("12345678901234567890", .second, .second, nil),
  ])
  func epochNumbersAreReadExactly(text: String, unit: TimeUnit, target: TimeUnit, count: Int64?) {
    #expect(Array(text.utf8).withUnsafeBytes { EpochText.parse($0, unit: unit, as: target) } == count)
  }

  @Test func theSizeOfAnEpochNumberTellsItsUnit() {
    let now: Int64 = 1_381_118_400
    #expect(
      [1, 1_000, 1_000_000, 1_000_000_000].map { TimeUnit(guessingFrom: now * $0) }
        == [.second, .millisecond, .microsecond, .nanosecond])
    #expect(TimeUnit(guessingFrom: .min) == .nanosecond)
  }

  @Test func everyTypeIsNamedByItsDescription() throws {
    let types: [DataType] = [
      .int8, .uint64, .float32, .bool, .date, .utf8, .binary, .dictionary, .duration(.millisecond),
      .timestamp(.second, zone: nil), .timestamp(.nanosecond, zone: "Europe/Berlin"),
    ]
    for type in types { #expect(try DataType(parsing: type.description) == type) }
    #expect(try DataType(parsing: "timestamp") == .timestamp(.nanosecond, zone: nil))
    for text in [
      "", "int", "timestamp[]", "timestamp[h]", "timestamp[ns,]", "duration[ns, UTC]", "bool[ns]",
    ] {
      #expect(throws: SternaError.self) { try DataType(parsing: text) }
    }
  }
}
