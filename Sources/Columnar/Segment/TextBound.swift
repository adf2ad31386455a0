/// Shortens the extremes of texts to what a statistic keeps, never cutting a value off.
enum TextBound {
  /// A prefix: not above the text. Nil when no whole character fits.
  static func lower(_ text: [UInt8], isText: Bool) -> [UInt8]? {
    prefix(text, isText: isText)
  }

  /// The text itself when it is short, else a prefix whose last character is replaced by its successor:
  /// above every text that begins with the prefix. Nil when no character has one.
  static func upper(_ text: [UInt8], isText: Bool) -> [UInt8]? {
    guard text.count > SegmentLimits.statisticByteCount else { return text }
    var head = prefix(text, isText: isText) ?? []
    // In texts only ASCII has a successor that is surely one character of the same length.
    while let last = head.popLast() {
      if last < (isText ? 0x7F : 0xFF) { return head + [last + 1] }
    }
    return nil
  }

  private static func prefix(_ text: [UInt8], isText: Bool) -> [UInt8]? {
    guard text.count > SegmentLimits.statisticByteCount else { return text }
    var end = SegmentLimits.statisticByteCount
    while isText, end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
    return Array(text[..<end])
  }
}
