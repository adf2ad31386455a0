/// How many columns of a terminal a text takes, near enough for aligning tables: marks take none, East
/// Asian wide characters and emoji two, everything else one.
enum DisplayWidth {
  static func of(_ text: String) -> Int {
    var text = text
    if let count = text.withUTF8({ bytes in bytes.allSatisfy { $0 < 0x80 } ? bytes.count : nil }) {
      return count
    }
    return text.unicodeScalars.reduce(0) { $0 + width(of: $1) }
  }

  /// The longest beginning of a text that is not wider than `width`.
  static func prefix(of text: String, width limit: Int) -> Substring {
    var width = 0
    var end = text.startIndex
    while end < text.endIndex {
      let next = text.index(after: end)
      width += of(String(text[end..<next]))
      guard width <= limit else { break }
      end = next
    }
    return text[..<end]
  }

  private static let wideScalars: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
    0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF,
    0x20000...0x3FFFD,
  ]

  private static func width(of scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: 0
    default: wideScalars.contains { $0.contains(scalar.value) } ? 2 : 1
    }
  }
}
