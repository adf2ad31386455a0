extension JSONValue {
  /// Parses one JSON document that fills all of `bytes`.
  ///
  /// Strict: no comments, no trailing commas, no byte-order mark, no lone surrogates, no name twice in an
  /// object. An integer beyond 64 bits becomes the nearest double; a number beyond a double is refused.
  ///
  /// - Parameter subject: what the bytes are, for the error message ("metadata").
  /// - Throws: `corrupt`, naming the position; nothing in `bytes` can make it trap.
  public init(parsing bytes: Bytes, subject: String = "JSON") throws(SternaError) {
    var parser = JSONParser(bytes: bytes.array, subject: subject)
    self = try parser.parseDocument()
  }

  public init(parsing text: String, subject: String = "JSON") throws(SternaError) {
    var parser = JSONParser(bytes: Array(text.utf8), subject: subject)
    self = try parser.parseDocument()
  }
}

/// Recursive descent over bytes that anyone may have written.
///
/// - Invariant: `0 <= position <= bytes.count`; every access goes through `peek`, which checks.
private struct JSONParser {
  let bytes: [UInt8]
  let subject: String
  var position = 0
  var depth = 0

  init(bytes: [UInt8], subject: String) {
    self.bytes = bytes
    self.subject = subject
  }

  mutating func parseDocument() throws(SternaError) -> JSONValue {
    let value = try parseValue()
    skipWhitespace()
    guard position == bytes.count else { throw malformed("something behind the value") }
    return value
  }

  // MARK: - Values

  private mutating func parseValue() throws(SternaError) -> JSONValue {
    skipWhitespace()
    guard let first = peek else { throw malformed("value missing") }
    switch first {
    case UInt8(ascii: "{"): return try nested { (parser) throws(SternaError) in try parser.parseObject() }
    case UInt8(ascii: "["): return try nested { (parser) throws(SternaError) in try parser.parseArray() }
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
    case UInt8(ascii: "t"): return try parseWord("true", as: .bool(true))
    case UInt8(ascii: "f"): return try parseWord("false", as: .bool(false))
    case UInt8(ascii: "n"): return try parseWord("null", as: .null)
    default: throw malformed("no value starts like this")
    }
  }

  private mutating func nested(
    _ parse: (inout JSONParser) throws(SternaError) -> JSONValue
  ) throws(SternaError) -> JSONValue {
    guard depth < JSONValue.depthMax else { throw malformed("nested over \(JSONValue.depthMax) deep") }
    depth += 1
    defer { depth -= 1 }
    return try parse(&self)
  }

  private mutating func parseObject() throws(SternaError) -> JSONValue {
    position += 1
    var members: [JSONValue.Member] = []
    // As bytes: `String` takes canonically equivalent names for equal.
    var names: Set<[UInt8]> = []
    skipWhitespace()
    if take(UInt8(ascii: "}")) { return .object(members) }
    while true {
      skipWhitespace()
      guard peek == UInt8(ascii: "\"") else { throw malformed("member name missing") }
      let name = try parseString()
      guard names.insert(Array(name.utf8)).inserted else {
        throw malformed("member name for the second time")
      }
      skipWhitespace()
      guard take(UInt8(ascii: ":")) else { throw malformed("colon missing") }
      members.append(JSONValue.Member(name, try parseValue()))
      skipWhitespace()
      if take(UInt8(ascii: "}")) { return .object(members) }
      guard take(UInt8(ascii: ",")) else { throw malformed("comma or closing brace missing") }
    }
  }

  private mutating func parseArray() throws(SternaError) -> JSONValue {
    position += 1
    var elements: [JSONValue] = []
    skipWhitespace()
    if take(UInt8(ascii: "]")) { return .array(elements) }
    while true {
      elements.append(try parseValue())
      skipWhitespace()
      if take(UInt8(ascii: "]")) { return .array(elements) }
      guard take(UInt8(ascii: ",")) else { throw malformed("comma or closing bracket missing") }
    }
  }

  private mutating func parseWord(_ word: StaticString, as value: JSONValue) throws(SternaError)
    -> JSONValue
  {
    let matches = word.withUTF8Buffer { bytes[position...].starts(with: $0) }
    guard matches else { throw malformed("unknown word") }
    position += word.utf8CodeUnitCount
    return value
  }

  // MARK: - Numbers

  private mutating func parseNumber() throws(SternaError) -> JSONValue {
    let start = position
    var isInteger = true
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try skipDigits() }
    if take(UInt8(ascii: ".")) {
      isInteger = false
      try skipDigits()
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      isInteger = false
      _ = take(UInt8(ascii: "+")) || take(UInt8(ascii: "-"))
      try skipDigits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    // "-0" is a double: an integer would lose its sign.
    if isInteger, text != "-0", let integer = Int64(text) { return .int64(integer) }
    guard let double = Double(text), double.isFinite else { throw malformed("number out of range") }
    return .double(double)
  }

  private mutating func skipDigits() throws(SternaError) {
    let start = position
    while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    guard position > start else { throw malformed("digit missing") }
  }

  // MARK: - Strings

  private mutating func parseString() throws(SternaError) -> String {
    position += 1
    var text: [UInt8] = []
    while true {
      guard let byte = peek else { throw malformed("string without an end") }
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw malformed("text is not UTF-8")
        }
        return string
      case UInt8(ascii: "\\"): try parseEscape(into: &text)
      case 0..<0x20: throw malformed("control character in a string")
      default: text.append(byte)
      }
    }
  }

  private mutating func parseEscape(into text: inout [UInt8]) throws(SternaError) {
    guard let letter = peek else { throw malformed("escape without an end") }
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): text.append(contentsOf: String(try parseUnicodeEscape()).utf8)
    default: throw malformed("unknown escape")
    }
  }

  /// Behind `\u`: four hex digits, and the second half of a surrogate pair where the first one asks for it.
  private mutating func parseUnicodeEscape() throws(SternaError) -> Character {
    let first = try parseCodeUnit()
    var scalar = UInt32(first)
    if UTF16.isLeadSurrogate(first), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
      let second = try parseCodeUnit()
      guard UTF16.isTrailSurrogate(second) else { throw malformed("half a surrogate pair") }
      scalar = 0x10000 + (UInt32(first & 0x3FF) << 10 | UInt32(second & 0x3FF))
    }
    guard let scalar = Unicode.Scalar(scalar) else { throw malformed("half a surrogate pair") }
    return Character(scalar)
  }

  private mutating func parseCodeUnit() throws(SternaError) -> UInt16 {
    guard bytes.count - position >= 4,
      let pair = Hex.decode(String(decoding: bytes[position..<(position + 4)], as: UTF8.self))
    else { throw malformed("four hex digits wanted") }
    position += 4
    return UInt16(pair[0]) << 8 | UInt16(pair[1])
  }

  // MARK: - Bytes

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipWhitespace() {
    while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
  }

  private func malformed(_ detail: String) -> SternaError {
    SternaError(.corrupt, "malformed \(subject): \(detail) at byte \(position) of \(bytes.count)")
  }
}
