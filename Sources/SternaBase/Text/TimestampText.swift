/// An instant as ISO 8601 text: `2013-10-07T04:00:00.464Z`.
///
/// Read:  a day; `T` or a space; hours and minutes; optionally seconds and 1 to 9 digits of their fraction;
///        optionally a zone (`Z`, `+01:00`, `+0100`, `+01`). A day alone is its midnight.
/// Refused: days and times that do not exist, leap seconds (an epoch count has no place for them) and
/// 24:00.
package struct TimestampText: Hashable, Sendable {
  /// Whole seconds since 1970-01-01, of UTC when the text had a zone and of the unnamed local clock when
  /// not.
  package var seconds: Int64
  /// 0 ..< 1,000,000,000, also for instants before 1970.
  package var nanoseconds: Int64
  package var hasZone: Bool

  package static let secondsPerDay: Int64 = 86_400
  private static let nanosecondsPerSecond: Int64 = 1_000_000_000

  /// Nil when the bytes are not exactly one instant.
  package init?(parsing text: UnsafeRawBufferPointer) {
    var scanner = TextScanner(text)
    guard let date = scanner.date() else { return nil }
    var time = (seconds: Int64(0), nanoseconds: Int64(0))
    var zone: Int64?
    if !scanner.isAtEnd {
      guard
        scanner.skip(UInt8(ascii: "T")) || scanner.skip(UInt8(ascii: " "))
          || scanner.skip(UInt8(ascii: "t")),
        let timeOfDay = scanner.timeOfDay()
      else { return nil }
      time = timeOfDay
      if !scanner.isAtEnd {
        guard let offset = scanner.zoneOffset(), scanner.isAtEnd else { return nil }
        zone = offset
      }
    }
    guard
      let seconds = date.daysSinceEpoch.scaled(by: Self.secondsPerDay, adding: time.seconds - (zone ?? 0))
    else { return nil }
    self.init(seconds: seconds, nanoseconds: time.nanoseconds, hasZone: zone != nil)
  }

  package init(seconds: Int64, nanoseconds: Int64, hasZone: Bool) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
    self.hasZone = hasZone
  }

  package init?(parsing text: String) {
    var text = text
    guard let parsed = text.withUTF8({ TimestampText(parsing: UnsafeRawBufferPointer($0)) }) else {
      return nil
    }
    self = parsed
  }

  /// The instant as a count of units since 1970-01-01, or nil when it does not fit an Int64 or would lose
  /// digits of its fraction.
  package func count(unitsPerSecond: Int64) -> Int64? {
    let nanosecondsPerUnit = Self.nanosecondsPerSecond / unitsPerSecond
    guard nanoseconds % nanosecondsPerUnit == 0 else { return nil }
    return seconds.scaled(by: unitsPerSecond, adding: nanoseconds / nanosecondsPerUnit)
  }

  /// Writes a count of units since 1970-01-01 with all digits of its unit (3 for milliseconds), and `Z`
  /// when
  /// `zoned`.
  package static func append(
    _ count: Int64, unitsPerSecond: Int64, zoned: Bool, to output: inout [UInt8]
  ) {
    let seconds = count.flooredQuotient(by: unitsPerSecond)
    appendSeconds(seconds, to: &output)
    if unitsPerSecond > 1 {
      let digitCount = unitsPerSecond == 1_000 ? 3 : unitsPerSecond == 1_000_000 ? 6 : 9
      output.append(UInt8(ascii: "."))
      // Wrapping: the product may lie below Int64.min, the difference is always small.
      output.appendDigits(of: count &- seconds &* unitsPerSecond, count: digitCount)
    }
    if zoned { output.append(UInt8(ascii: "Z")) }
  }

  private static func appendSeconds(_ seconds: Int64, to output: inout [UInt8]) {
    let days = seconds.flooredQuotient(by: secondsPerDay)
    DateText.append(daysSinceEpoch: days, to: &output)
    output.append(UInt8(ascii: "T"))
    // Wrapping: the start of the first day of all lies below Int64.min, but the difference is always small.
    let secondOfDay = seconds &- days &* secondsPerDay
    output.appendDigits(of: secondOfDay / 3_600, count: 2)
    output.append(UInt8(ascii: ":"))
    output.appendDigits(of: secondOfDay / 60 % 60, count: 2)
    output.append(UInt8(ascii: ":"))
    output.appendDigits(of: secondOfDay % 60, count: 2)
  }

  package static func format(_ count: Int64, unitsPerSecond: Int64, zoned: Bool) -> String {
    var output: [UInt8] = []
    append(count, unitsPerSecond: unitsPerSecond, zoned: zoned, to: &output)
    return String(decoding: output, as: UTF8.self)
  }
}

extension TimestampText: CustomStringConvertible {
  /// With nine digits of the second.
  package var description: String {
    var output: [UInt8] = []
    Self.appendSeconds(seconds, to: &output)
    output.append(UInt8(ascii: "."))
    output.appendDigits(of: nanoseconds, count: 9)
    if hasZone { output.append(UInt8(ascii: "Z")) }
    return String(decoding: output, as: UTF8.self)
  }
}

extension TextScanner {
  /// `HH:MM`, `HH:MM:SS` or `HH:MM:SS.fraction`.
  mutating func timeOfDay() -> (seconds: Int64, nanoseconds: Int64)? {
    guard let hour = number(digitCount: 2), hour < 24, skip(UInt8(ascii: ":")),
      let minute = number(digitCount: 2), minute < 60
    else { return nil }
    var second = 0
    var nanoseconds: Int64 = 0
    if skip(UInt8(ascii: ":")) {
      guard let value = number(digitCount: 2), value < 60 else { return nil }
      second = value
      if skip(UInt8(ascii: ".")) || skip(UInt8(ascii: ",")) {
        guard let value = fraction() else { return nil }
        nanoseconds = value
      }
    }
    return (Int64(hour * 3_600 + minute * 60 + second), nanoseconds)
  }

  /// Seconds east of UTC.
  mutating func zoneOffset() -> Int64? {
    if skip(UInt8(ascii: "Z")) || skip(UInt8(ascii: "z")) { return 0 }
    let isWest = skip(UInt8(ascii: "-"))
    guard isWest || skip(UInt8(ascii: "+")), let hours = number(digitCount: 2), hours < 24 else {
      return nil
    }
    var minutes = 0
    if skip(UInt8(ascii: ":")) || !isAtEnd {
      guard let value = number(digitCount: 2), value < 60 else { return nil }
      minutes = value
    }
    let offset = Int64(hours * 3_600 + minutes * 60)
    return isWest ? -offset : offset
  }
}
