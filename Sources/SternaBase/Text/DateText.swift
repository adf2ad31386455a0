/// A calendar day as text: `2013-10-07`.
///
/// Years outside 0000-9999 carry a sign and five or more digits, as ISO 8601 asks (`+12013-10-07`).
package enum DateText {
  /// The days since 1970-01-01, or nil when the text is anything but one existing day.
  package static func parse(_ text: UnsafeRawBufferPointer) -> Int64? {
    var scanner = TextScanner(text)
    guard let date = scanner.date(), scanner.isAtEnd else { return nil }
    return date.daysSinceEpoch
  }

  /// - Precondition: as `CalendarDate(daysSinceEpoch:)`; every Int32 fulfils it.
  package static func append(daysSinceEpoch days: Int64, to output: inout [UInt8]) {
    let date = CalendarDate(daysSinceEpoch: days)
    switch date.year {
    case 0...9_999: output.appendDigits(of: date.year, count: 4)
    default:
      output.append(UInt8(ascii: date.year < 0 ? "-" : "+"))
      let digits = Array(String(date.year.magnitude).utf8)
      output.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: max(5 - digits.count, 0)))
      output.append(contentsOf: digits)
    }
    output.append(UInt8(ascii: "-"))
    output.appendDigits(of: Int64(date.month), count: 2)
    output.append(UInt8(ascii: "-"))
    output.appendDigits(of: Int64(date.day), count: 2)
  }
}

extension TextScanner {
  /// A year, month and day with dashes between them.
  mutating func date() -> CalendarDate? {
    guard let year = year(), skip(UInt8(ascii: "-")), let month = number(digitCount: 2),
      skip(UInt8(ascii: "-")), let day = number(digitCount: 2)
    else { return nil }
    return CalendarDate(year: year, month: month, day: day)
  }

  private mutating func year() -> Int64? {
    let isNegative = skip(UInt8(ascii: "-"))
    guard isNegative || skip(UInt8(ascii: "+")) else { return number(digitCount: 4).map(Int64.init) }
    guard let (magnitude, count) = number(), (5...12).contains(count) else { return nil }
    return isNegative ? -magnitude : magnitude
  }
}

extension [UInt8] {
  /// The last `count` decimal digits of a number that is not negative, with zeros in front.
  mutating func appendDigits(of value: Int64, count digitCount: Int) {
    let start = count
    append(contentsOf: repeatElement(0, count: digitCount))
    var rest = value
    for position in stride(from: start + digitCount - 1, through: start, by: -1) {
      self[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
  }
}
