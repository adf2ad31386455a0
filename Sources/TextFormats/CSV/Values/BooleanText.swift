/// `true` and `false`, all lower case, all upper case or capitalized. Digits are numbers, not truth values.
enum BooleanText {
  static func parse(_ text: UnsafeRawBufferPointer) -> Bool? {
    guard text.count == 4 || text.count == 5 else { return nil }
    switch String(decoding: text, as: UTF8.self) {
    case "true", "True", "TRUE": return true
    case "false", "False", "FALSE": return false
    default: return nil
    }
  }
}
