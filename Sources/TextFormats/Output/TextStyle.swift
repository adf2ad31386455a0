import SternaBase

/// How values are put into text: what CSV, JSON and tables for people disagree on.
enum TextStyle: Hashable {
  /// Texts quoted where RFC 4180 needs it, and where they would read as null.
  case csv(delimiter: UInt8, nullText: [UInt8])
  /// Texts escaped, in quotes; NaN and the infinities, which JSON does not have, as null.
  case json
  /// Texts on one line, without anything that a terminal would act on.
  case table(nullText: [UInt8])
}

extension TextStyle {
  func appendNull(to output: inout [UInt8]) {
    switch self {
    case .csv(_, let nullText), .table(let nullText): output.append(contentsOf: nullText)
    case .json: output.append(contentsOf: "null".utf8)
    }
  }

  /// A number from its shortest text that reads back as the same number.
  @inline(__always)
  func appendFloat(_ description: String, isFinite: Bool, to output: inout [UInt8]) {
    if isFinite {
      output.append(contentsOf: description.utf8)
    } else if self == .json {
      appendNull(to: &output)
    } else {
      output.append(contentsOf: description == "nan" ? "NaN".utf8 : description.utf8)
    }
  }

  func appendText(_ text: UnsafeRawBufferPointer, to output: inout [UInt8]) {
    switch self {
    case .csv(let delimiter, let nullText):
      let isPlain =
        !text.isEmpty && !text.elementsEqual(nullText)
        && !text.contains { Self.needsQuotes($0, delimiter: delimiter) }
      if isPlain {
        output.append(contentsOf: text)
      } else {
        Self.appendQuoted(text, to: &output)
      }
    case .json: JSONText.append(text, to: &output)
    case .table: Self.appendOnOneLine(text, to: &output)
    }
  }

  /// Text that is sure to need no escape (an instant, hexadecimal digits).
  @inline(__always)
  func appendSafeText(to output: inout [UInt8], _ append: (inout [UInt8]) -> Void) {
    if self == .json { output.append(UInt8(ascii: "\"")) }
    append(&output)
    if self == .json { output.append(UInt8(ascii: "\"")) }
  }

  private static func needsQuotes(_ byte: UInt8, delimiter: UInt8) -> Bool {
    byte == delimiter || byte == CSVDialect.quote || byte == CSVDialect.lineFeed
      || byte == CSVDialect.carriageReturn
  }

  private static func appendQuoted(_ text: UnsafeRawBufferPointer, to output: inout [UInt8]) {
    output.append(CSVDialect.quote)
    for byte in text {
      if byte == CSVDialect.quote { output.append(byte) }
      output.append(byte)
    }
    output.append(CSVDialect.quote)
  }

  /// Control characters in their escaped form: a value must not move the cursor or start a new row.
  private static func appendOnOneLine(_ text: UnsafeRawBufferPointer, to output: inout [UInt8]) {
    guard String(decoding: text, as: UTF8.self).unicodeScalars.contains(where: \.isControl) else {
      output.append(contentsOf: text)
      return
    }
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      output.append(contentsOf: (scalar.isControl ? scalar.escaped(asASCII: true) : String(scalar)).utf8)
    }
  }
}

extension Unicode.Scalar {
  fileprivate var isControl: Bool { properties.generalCategory == .control }
}
