import Columnar
import SternaBase

/// What the values of one column have in common: each value rules types out, and what is left is the type.
///
/// Rules lean towards losing nothing: `007`, `+49301234` and integers beyond Int64 stay text, and so do
/// numbers of which some are integers that no double holds.
struct ColumnEvidence {
  private var candidates = Candidates.all
  private var hasValues = false

  private struct Candidates: OptionSet {
    let rawValue: UInt8
    static let bool = Candidates(rawValue: 1)
    static let integer = Candidates(rawValue: 2)
    static let float = Candidates(rawValue: 4)
    static let date = Candidates(rawValue: 8)
    static let localTimestamp = Candidates(rawValue: 16)
    static let zonedTimestamp = Candidates(rawValue: 32)
    static let numbers: Candidates = [.integer, .float]
    static let times: Candidates = [.date, .localTimestamp, .zonedTimestamp]
    static let all: Candidates = [.bool, .numbers, .times]
  }

  /// Takes one value that is not null into account.
  mutating func add(_ text: UnsafeRawBufferPointer) {
    hasValues = true
    if !candidates.isDisjoint(with: .numbers) { candidates.subtract(Self.excludedNumbers(text)) }
    if candidates.contains(.bool), BooleanText.parse(text) == nil { candidates.remove(.bool) }
    if !candidates.isDisjoint(with: .times) { candidates.subtract(Self.excludedTimes(text)) }
  }

  /// The narrowest type that holds every value; text when there was none.
  var type: DataType {
    guard hasValues else { return .utf8 }
    if candidates.contains(.bool) { return .bool }
    if candidates.contains(.integer) { return .int64 }
    if candidates.contains(.float) { return .float64 }
    if candidates.contains(.date) { return .date }
    if candidates.contains(.localTimestamp) { return .timestamp(.nanosecond, zone: nil) }
    if candidates.contains(.zonedTimestamp) { return .timestamp(.nanosecond, zone: "UTC") }
    return .utf8
  }

  private static func excludedNumbers(_ text: UnsafeRawBufferPointer) -> Candidates {
    guard let decimal = DecimalText(text) else {
      return FloatText.parseDouble(text) == nil ? .numbers : .integer
    }
    if isCode(text) { return .numbers }
    guard decimal.isInteger else { return .integer }
    guard let value = IntegerText.parse(text, as: Int64.self) else { return .numbers }
    // An integer has no negative zero.
    if value == 0, decimal.isNegative { return .integer }
    return Int64(exactly: Double(value)) == value ? [] : .float
  }

  /// A sign or zero in front that a number would lose: a telephone number, an article number.
  private static func isCode(_ text: UnsafeRawBufferPointer) -> Bool {
    if text[0] == UInt8(ascii: "+") { return true }
    let first = text[0] == UInt8(ascii: "-") ? 1 : 0
    guard text[first] == UInt8(ascii: "0"), first + 1 < text.count else { return false }
    return text[first + 1] &- UInt8(ascii: "0") <= 9
  }

  private static func excludedTimes(_ text: UnsafeRawBufferPointer) -> Candidates {
    guard let instant = TimestampText(parsing: text), instant.count(unitsPerSecond: 1_000_000_000) != nil
    else {
      return .times
    }
    if instant.hasZone { return [.date, .localTimestamp] }
    return DateText.parse(text) == nil ? [.date, .zonedTimestamp] : .zonedTimestamp
  }
}
