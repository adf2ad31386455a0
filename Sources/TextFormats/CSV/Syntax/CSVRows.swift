/// Where the fields of some rows lie in a text: the tokenizer's answer, without a byte copied.
///
/// - Invariant: `spans.count == lines.count * columnCount`, row by row, once the tokenizer returns.
struct CSVRows {
  var columnCount: Int
  var spans: [FieldSpan] = []
  /// The line on which each row starts, 1 being the first of the file.
  var lines: [Int] = []

  init(columnCount: Int) { self.columnCount = columnCount }

  var count: Int { lines.count }

  mutating func removeAll() {
    spans.removeAll(keepingCapacity: true)
    lines.removeAll(keepingCapacity: true)
  }
}

/// One field: the bytes between delimiters, or between quotes, and whether they are to be taken as they
/// are.
struct FieldSpan: Hashable {
  private let start: UInt32
  private let lengthAndFlags: UInt32

  /// Texts are tokenized in windows below this size, so that a span is a word.
  static let maximumTextByteCount = 1 << 30
  private static let quotedFlag: UInt32 = 1 << 31
  private static let doubledFlag: UInt32 = 1 << 30

  @inline(__always)
  init(_ range: Range<Int>, isQuoted: Bool = false, hasDoubledQuotes: Bool = false) {
    start = UInt32(truncatingIfNeeded: range.lowerBound)
    lengthAndFlags =
      UInt32(truncatingIfNeeded: range.count) | (isQuoted ? Self.quotedFlag : 0)
      | (hasDoubledQuotes ? Self.doubledFlag : 0)
  }

  @inline(__always) var range: Range<Int> { Int(start)..<(Int(start) + count) }
  @inline(__always) var count: Int { Int(lengthAndFlags & (Self.doubledFlag - 1)) }
  @inline(__always) var isEmpty: Bool { count == 0 }
  @inline(__always) var isQuoted: Bool { lengthAndFlags & Self.quotedFlag != 0 }
  /// Each pair of quotes inside stands for one.
  @inline(__always) var hasDoubledQuotes: Bool { lengthAndFlags & Self.doubledFlag != 0 }

  /// The bytes of the field in `text`, with doubled quotes still doubled.
  @inline(__always)
  func raw(in text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: text[range])
  }

  /// The value of the field (a copy).
  func value(in text: UnsafeRawBufferPointer) -> [UInt8] {
    var value: [UInt8] = []
    appendValue(in: text, to: &value)
    return value
  }

  func appendValue(in text: UnsafeRawBufferPointer, to output: inout [UInt8]) {
    guard hasDoubledQuotes else {
      output.append(contentsOf: raw(in: text))
      return
    }
    var skipsQuote = false
    for byte in raw(in: text) {
      skipsQuote = byte == CSVDialect.quote && !skipsQuote
      if !skipsQuote { output.append(byte) }
    }
  }
}
