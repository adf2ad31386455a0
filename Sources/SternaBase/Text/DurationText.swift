/// A length of time as ISO 8601 text: `P1DT2H3M4.5S`, with a minus in front when negative.
///
/// Days count 24 hours; years and months have no fixed length and are refused.
package enum DurationText {
  /// The count of units, or nil when the text is not one duration, does not fit, or would lose digits.
  package static func parse(_ text: UnsafeRawBufferPointer, unitsPerSecond: Int64) -> Int64? {
    var scanner = TextScanner(text)
    let isNegative = scanner.skip(UInt8(ascii: "-"))
    guard scanner.skip(UInt8(ascii: "P")), let parts = scanner.durationParts(), scanner.isAtEnd,
      isNegative || parts.negatedSeconds > .min
    else { return nil }
    // Like an instant before 1970: the fraction counts up from the second below.
    let borrows = isNegative && parts.nanoseconds > 0
    guard !borrows || parts.negatedSeconds > .min else { return nil }
    let instant = TimestampText(
      seconds: isNegative ? parts.negatedSeconds - (borrows ? 1 : 0) : -parts.negatedSeconds,
      nanoseconds: borrows ? 1_000_000_000 - parts.nanoseconds : parts.nanoseconds, hasZone: false)
    return instant.count(unitsPerSecond: unitsPerSecond)
  }

  /// Writes the shortest exact form: only the parts that are not zero, `PT0S` for none.
  package static func append(_ count: Int64, unitsPerSecond: Int64, to output: inout [UInt8]) {
    let units = UInt64(unitsPerSecond)
    let (seconds, fraction) = count.magnitude.quotientAndRemainder(dividingBy: units)
    if count < 0 { output.append(UInt8(ascii: "-")) }
    output.append(UInt8(ascii: "P"))
    output.appendPart(seconds / 86_400, "D")
    if count != 0, seconds % 86_400 == 0, fraction == 0 { return }
    output.append(UInt8(ascii: "T"))
    output.appendPart(seconds / 3_600 % 24, "H")
    output.appendPart(seconds / 60 % 60, "M")
    guard fraction > 0 else {
      if seconds % 60 > 0 || count == 0 { output.append(contentsOf: "\(seconds % 60)S".utf8) }
      return
    }
    output.append(contentsOf: "\(seconds % 60).".utf8)
    output.append(contentsOf: String(fraction + units).utf8.dropFirst())
    while output.last == UInt8(ascii: "0") { output.removeLast() }
    output.append(UInt8(ascii: "S"))
  }
}

extension [UInt8] {
  fileprivate mutating func appendPart(_ value: UInt64, _ designator: String) {
    if value > 0 { append(contentsOf: "\(value)\(designator)".utf8) }
  }
}

extension TextScanner {
  /// What follows the `P`: designators in falling order, each at most once, at least one, a fraction only
  /// with the seconds. The seconds are counted below zero, where there is one more of them.
  fileprivate mutating func durationParts() -> (negatedSeconds: Int64, nanoseconds: Int64)? {
    var total: Int64 = 0
    var nanoseconds: Int64 = 0
    var order = 0
    var isTime = false
    var partCount = 0
    while !isAtEnd {
      if !isTime, skip(UInt8(ascii: "T")) {
        isTime = true
        order = max(order, 2)
        guard !isAtEnd else { return nil }
      }
      guard let (value, _) = number() else { return nil }
      let hasFraction = skip(UInt8(ascii: "."))
      if hasFraction {
        guard let fraction = fraction() else { return nil }
        nanoseconds = fraction
      }
      guard let (rank, scale) = designator(isTime: isTime), rank >= order, !hasFraction || scale == 1
      else { return nil }
      order = rank + 1
      let (part, overflowed) = value.multipliedReportingOverflow(by: scale)
      let (rest, overflowedRest) = total.subtractingReportingOverflow(part)
      guard !overflowed, !overflowedRest else { return nil }
      total = rest
      partCount += 1
    }
    return partCount == 0 ? nil : (total, nanoseconds)
  }

  private mutating func designator(isTime: Bool) -> (rank: Int, seconds: Int64)? {
    let known: [(UInt8, Int64)] = [
      (UInt8(ascii: "W"), 604_800), (UInt8(ascii: "D"), 86_400), (UInt8(ascii: "H"), 3_600),
      (UInt8(ascii: "M"), 60), (UInt8(ascii: "S"), 1),
    ]
    for rank in isTime ? 2..<5 : 0..<2 where skip(known[rank].0) { return (rank, known[rank].1) }
    return nil
  }
}
