extension TextPattern {
  /// The pattern of texts of one length: which bytes stand at which place. Nil when there is nothing in
  /// common.
  static func ofEqualLengths(_ texts: TextSlots, byteCount: Int) -> TextPattern? {
    guard byteCount > 0, byteCount <= byteCountMax, texts.count > 0 else { return nil }
    var seen = [Bool](repeating: false, count: byteCount * 256)
    seen.withUnsafeMutableBufferPointer { seen in
      for row in 0..<texts.count where texts.bounds[row + 1] > texts.bounds[row] {
        let text = texts[row]
        for place in 0..<byteCount { seen[place << 8 | Int(text[place])] = true }
      }
    }
    var parts: [Part] = []
    for place in 0..<byteCount {
      let bytes = (0..<256).filter { seen[place << 8 | $0] }.map { UInt8($0) }
      append(place: bytes, to: &parts)
    }
    let pattern = TextPattern(parts: parts)
    return (1...Encoding.patternFieldCount).contains(pattern.fieldCount) ? pattern : nil
  }

  /// Adds a place where these bytes may stand, to the last part if that is of the same kind.
  private static func append(place bytes: [UInt8], to parts: inout [Part]) {
    if bytes.count == 1 {
      if case .literal(let literal) = parts.last {
        parts[parts.count - 1] = .literal(literal + bytes)
      } else {
        parts.append(.literal(bytes))
      }
      return
    }
    let usual = [decimalDigits, hexDigits, upperHexDigits].first { Set($0).isSuperset(of: bytes) }
    let alphabet = usual ?? bytes
    if case .digits(let width, let last) = parts.last, let joint = joint(last, alphabet),
      width < widthMax(alphabetCount: joint.count)
    {
      parts[parts.count - 1] = .digits(width: width + 1, alphabet: joint)
    } else {
      parts.append(.digits(width: 1, alphabet: alphabet))
    }
  }

  /// The alphabet of two places that are written as one number: the same, or hexadecimal when one of them
  /// happened to have decimal digits only.
  private static func joint(_ left: [UInt8], _ right: [UInt8]) -> [UInt8]? {
    if left == right { return left }
    for hex in [hexDigits, upperHexDigits] where Set([left, right]) == [decimalDigits, hex] { return hex }
    return nil
  }

  /// The pattern of a text of literals and decimal numbers; nil when there is no number, or a long one.
  static func ofNumbers(in text: UnsafeRawBufferPointer) -> TextPattern? {
    guard text.count > 0, text.count <= byteCountMax else { return nil }
    var parts: [Part] = []
    var place = 0
    while place < text.count {
      let start = place
      while place < text.count, isDigit(text[place]) { place += 1 }
      if place > start {
        guard place - start <= numberWidthMax else { return nil }
        parts.append(.number)
      }
      let end = place
      while place < text.count, !isDigit(text[place]) { place += 1 }
      if place > end { parts.append(.literal(Array(text[end..<place]))) }
    }
    let pattern = TextPattern(parts: parts)
    return (1...Encoding.patternFieldCount).contains(pattern.fieldCount) ? pattern : nil
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
}
