internal import SternaBase

extension XMLScanner {
  var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func take(_ text: StaticString) -> Bool {
    let matches = text.withUTF8Buffer { bytes[position...].starts(with: $0) }
    if matches { position += text.utf8CodeUnitCount }
    return matches
  }

  mutating func skipWhitespace() {
    while let byte = peek, Self.isWhitespace(byte) { position += 1 }
  }

  private static func isWhitespace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  /// White space and comments between elements.
  mutating func skipMisc() throws(SternaError) {
    skipWhitespace()
    while take("<!--") {
      try skip(behind: "-->")
      skipWhitespace()
    }
  }

  mutating func skip(behind end: StaticString) throws(SternaError) {
    while position < bytes.count {
      if take(end) { return }
      position += 1
    }
    throw malformed("'\(end)' missing")
  }

  /// A name without its namespace prefix: S3's vocabulary has no two that differ only there.
  mutating func readName() throws(SternaError) -> String {
    var start = position
    while let byte = peek, Self.isNameCharacter(byte) {
      position += 1
      if byte == UInt8(ascii: ":") { start = position }
    }
    guard position > start, position - start <= 128, !Self.startsNoName(bytes[start]) else {
      throw malformed("name wanted")
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private static func isNameCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: ":"):
      true
    default: false
    }
  }

  private static func startsNoName(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
  }

  /// Namespaces and types: read, checked for their form, and dropped.
  mutating func skipAttributes() throws(SternaError) {
    while true {
      let hadSpace = peek.map(Self.isWhitespace) ?? false
      skipWhitespace()
      guard let byte = peek, byte != UInt8(ascii: ">"), byte != UInt8(ascii: "/") else { return }
      guard hadSpace else { throw malformed("white space wanted") }
      _ = try readName()
      skipWhitespace()
      guard take("=") else { throw malformed("attribute without a value") }
      skipWhitespace()
      if take("\"") {
        try skip(behind: "\"")
      } else if take("'") {
        try skip(behind: "'")
      } else {
        throw malformed("attribute without quotes")
      }
    }
  }

  /// `&amp;`, `&#65;`, `&#x41;`. A document cannot define others.
  mutating func readReference() throws(SternaError) -> Unicode.Scalar {
    if take("&amp;") { return "&" }
    if take("&lt;") { return "<" }
    if take("&gt;") { return ">" }
    if take("&quot;") { return "\"" }
    if take("&apos;") { return "'" }
    guard take("&#") else { throw malformed("unknown entity") }
    let radix: UInt32 = take("x") ? 16 : 10
    var value: UInt32 = 0
    var digitCount = 0
    while let byte = peek, let digit = Self.digit(byte), digit < radix, digitCount < 8 {
      value = value &* radix &+ digit
      digitCount += 1
      position += 1
    }
    // Eight digits cannot overflow: 0xFFFFFFFF and 99,999,999 both fit.
    guard digitCount > 0, take(";"), let scalar = Unicode.Scalar(value) else {
      throw malformed("reference to no character")
    }
    return scalar
  }

  private static func digit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
  }

  /// Text of the server that is safe to print in an error: short, one line.
  func printable(_ text: String) -> String { String(text.prefix(64)) }

  /// The answer's fault, and perhaps only of this one: a truncated body reads like that too.
  func malformed(_ detail: String) -> SternaError {
    SternaError(
      .requestFailed,
      "malformed \(subject) from the server: \(detail) at byte \(position) of \(bytes.count)",
      advice: "Check that the endpoint is an S3 service and that no proxy changes its answers.",
      retry: .transient)
  }
}
