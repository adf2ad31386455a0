/// Numbers as people read them.
enum Quantity {
  /// With the thousands apart: 250,601.
  static func grouped(_ count: Int) -> String {
    var groups: [String] = []
    var rest = count.magnitude
    repeat {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 1_000)
      let digits = String(remainder)
      groups.append(quotient > 0 ? String(repeating: "0", count: 3 - digits.count) + digits : digits)
      rest = quotient
    } while rest > 0
    return (count < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
  }

  /// Three digits and a decimal unit: 17.9 MB.
  static func bytes(_ count: Int) -> String {
    guard count.magnitude >= 1_000 else { return "\(count) B" }
    var units = ["kB", "MB", "GB", "TB"][...]
    var value = Double(count) / 1_000
    while value.magnitude >= 999.5, units.count > 1 {
      value /= 1_000
      units.removeFirst()
    }
    let digitCount = value.magnitude < 9.995 ? 2 : value.magnitude < 99.95 ? 1 : 0
    return "\(decimal(value, digitCount: digitCount)) \(units[units.startIndex])"
  }

  /// `part` of `whole` in percent, or nil of nothing.
  static func percent(_ part: Int, of whole: Int) -> String? {
    guard whole > 0 else { return nil }
    let value = 100 * Double(part) / Double(whole)
    return "\(decimal(value, digitCount: value < 9.95 ? 1 : 0)) %"
  }

  static func rows(_ count: Int) -> String { "\(grouped(count)) row\(count == 1 ? "" : "s")" }

  /// Rounded to so many digits behind the point.
  static func decimal(_ value: Double, digitCount: Int) -> String {
    guard value.isFinite, value.magnitude < 1e15 else { return "\(value)" }
    let scale = (0..<digitCount).reduce(1) { product, _ in product * 10 }
    let scaled = Int((value.magnitude * Double(scale)).rounded())
    let sign = value < 0 && scaled != 0 ? "-" : ""
    guard digitCount > 0 else { return sign + String(scaled) }
    let fraction = String(scaled % scale)
    return "\(sign)\(scaled / scale)." + String(repeating: "0", count: digitCount - fraction.count)
      + fraction
  }
}
