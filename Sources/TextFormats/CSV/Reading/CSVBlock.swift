/// Some rows as the tokenizer found them, with the text they lie in: what columns are built from.
///
/// - Invariant: `text` is the window that `rows` was scanned from, not moved since.
struct CSVBlock {
  let text: UnsafeRawBufferPointer
  let rows: CSVRows

  var rowCount: Int { rows.count }

  @inline(__always)
  func span(row: Int, column: Int) -> FieldSpan { rows.spans[row * rows.columnCount + column] }

  /// The value of a field as text for people, at most 40 characters of it.
  func excerpt(row: Int, column: Int) -> String {
    let value = span(row: row, column: column).value(in: text)
    let whole = String(decoding: value.prefix(400), as: UTF8.self)
    return whole.count <= 40 && value.count <= 400 ? whole : whole.prefix(40) + "…"
  }
}

/// Which fields stand for null.
struct NullRule {
  private let tokens: [[UInt8]]

  init(tokens: Set<String>) { self.tokens = tokens.sorted().map { Array($0.utf8) } }

  /// Whether a field is null: empty or a token.
  ///
  /// Quotes make a difference where texts are read: `""` is the empty text and `"NA"` a word, an empty
  /// field is null. Among numbers a quoted nothing is still nothing.
  @inline(__always)
  func matches(_ span: FieldSpan, in text: UnsafeRawBufferPointer, isText: Bool) -> Bool {
    if isText, span.isQuoted { return false }
    if span.isEmpty { return true }
    return tokens.isEmpty ? false : isToken(span.raw(in: text))
  }

  private func isToken(_ field: UnsafeRawBufferPointer) -> Bool {
    tokens.contains { $0.count == field.count && field.elementsEqual($0) }
  }
}
