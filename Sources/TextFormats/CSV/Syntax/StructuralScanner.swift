/// Finds delimiters and line ends, eight bytes at a time (SWAR): what takes the time in reading CSV.
///
///     word   5 3 . 1 , A A \n        one load
///     marks  0 0 0 0 x 0 0 x         a high bit for each hit, taken from the lowest up
///
/// Hits come in order, each once, from wherever `jump` was told to start.
struct StructuralScanner {
  private let text: UnsafeRawBufferPointer
  private let delimiters: UInt64
  private static let lineFeeds = repeating(CSVDialect.lineFeed)
  private var wordStart = 0
  private var marks: UInt64 = 0

  init(_ text: UnsafeRawBufferPointer, delimiter: UInt8) {
    self.text = text
    self.delimiters = Self.repeating(delimiter)
    jump(to: 0)
  }

  /// Starts over at `position`.
  mutating func jump(to position: Int) {
    wordStart = position
    marks = marksOfWord()
  }

  /// The position of the next delimiter or line feed, or nil when there is none before the end.
  @inline(__always)
  mutating func next() -> Int? {
    while marks == 0 {
      wordStart += 8
      guard wordStart < text.count else { return nil }
      marks = marksOfWord()
    }
    let position = wordStart + (marks.trailingZeroBitCount >> 3)
    marks &= marks &- 1
    return position
  }

  @inline(__always)
  private func marksOfWord() -> UInt64 {
    let word: UInt64
    if wordStart + 8 <= text.count {
      word = UInt64(littleEndian: text.loadUnaligned(fromByteOffset: wordStart, as: UInt64.self))
    } else {
      // Zeros behind the end: they equal neither a delimiter nor a line feed.
      word = stride(from: text.count - 1, through: wordStart, by: -1).reduce(0) {
        $0 << 8 | UInt64(text[$1])
      }
    }
    return Self.zeroBytes(word ^ delimiters) | Self.zeroBytes(word ^ Self.lineFeeds)
  }

  /// The high bit of every byte that is zero, and no other bit (the carries stay inside their bytes).
  @inline(__always)
  private static func zeroBytes(_ word: UInt64) -> UInt64 {
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    return ~(((word & low) &+ low) | word | low)
  }

  private static func repeating(_ byte: UInt8) -> UInt64 { 0x0101_0101_0101_0101 &* UInt64(byte) }
}
