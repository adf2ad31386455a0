import SternaBase

/// Splits CSV text into rows of fields (RFC 4180). Pure: it sees a window of the file and says which rows
/// are complete in it; whoever feeds it keeps the rest and calls again with more behind it.
///
///     window   a,b,c\n 1,"x\ny",3\n 4,5,
///              |------------------|              consumed: two rows; `4,5,` comes again with what follows
///
/// - A quote opens a quoted field only as its first byte; elsewhere it is data, as in `5" pipe`.
/// - A line without any byte is a row of one empty field when there is one column, and skipped otherwise.
/// - Every row must have as many fields as the first; a last line that ends early is an error, never
///   dropped.
struct CSVTokenizer {
  private let dialect: CSVDialect
  /// Nil until the first row has told it.
  private(set) var columnCount: Int?
  /// The line on which the next row starts.
  private(set) var line = 1

  init(dialect: CSVDialect, columnCount: Int? = nil) {
    self.dialect = dialect
    self.columnCount = columnCount
  }

  /// Appends up to `rowLimit` complete rows and answers how many bytes they took.
  /// - Parameter isFinal: nothing follows `text`, so that its end also ends a row.
  mutating func scan(
    _ text: UnsafeRawBufferPointer, isFinal: Bool, rowLimit: Int, into rows: inout CSVRows
  ) throws(SternaError) -> Int {
    precondition(text.count < FieldSpan.maximumTextByteCount)
    var scanner = StructuralScanner(text, delimiter: dialect.delimiter)
    var row = OpenRow(start: 0, firstSpan: rows.spans.count)
    var fieldStart = 0
    var rowCount = 0
    while rowCount < rowLimit {
      var quoted: FieldSpan?
      if fieldStart < text.count, text[fieldStart] == CSVDialect.quote {
        guard let field = try quotedField(in: text, at: fieldStart, isFinal: isFinal, row: &row) else {
          break
        }
        quoted = field.span
        scanner.jump(to: field.end)
      }
      let found = scanner.next()
      // The end of a file is also the end of a row that has begun.
      guard let end = found ?? (isFinal && row.start < text.count ? text.count : nil) else { break }
      let endsRow = found == nil || text[end] != dialect.delimiter
      rows.spans.append(quoted ?? unquotedField(in: text, from: fieldStart, to: end, endsRow: endsRow))
      fieldStart = end + 1
      guard endsRow else { continue }
      if try close(row, atEndOfFile: found == nil, in: &rows) { rowCount += 1 }
      row = OpenRow(start: min(fieldStart, text.count), firstSpan: rows.spans.count)
      if found == nil { break }
    }
    rows.spans.removeSubrange(row.firstSpan...)
    return row.start
  }

  /// A row whose end has not been seen.
  private struct OpenRow {
    var start: Int
    var firstSpan: Int
    /// Line feeds inside its quoted fields.
    var innerLineCount = 0
  }

  @inline(__always)
  private func unquotedField(
    in text: UnsafeRawBufferPointer, from start: Int, to end: Int, endsRow: Bool
  ) -> FieldSpan {
    let hasReturn = endsRow && end > start && text[end - 1] == CSVDialect.carriageReturn
    return FieldSpan(start..<(hasReturn ? end - 1 : end))
  }

  /// Counts the row, or takes back a blank line; true when there is a row.
  private mutating func close(
    _ row: OpenRow, atEndOfFile: Bool, in rows: inout CSVRows
  ) throws(SternaError) -> Bool {
    let fieldCount = rows.spans.count - row.firstSpan
    let rowLine = line
    line += 1 + row.innerLineCount
    let last = rows.spans[rows.spans.count - 1]
    if fieldCount == 1, last.isEmpty, !last.isQuoted, columnCount != 1 {
      rows.spans.removeLast()
      return false
    }
    if let columnCount {
      guard fieldCount == columnCount else {
        throw wrongFieldCount(fieldCount, of: columnCount, line: rowLine, atEndOfFile: atEndOfFile)
      }
    } else {
      columnCount = fieldCount
      rows.columnCount = fieldCount
    }
    rows.lines.append(rowLine)
    return true
  }

  private func wrongFieldCount(
    _ fieldCount: Int, of columnCount: Int, line: Int, atEndOfFile: Bool
  ) -> SternaError {
    let fields = fieldCount == 1 ? "1 field" : "\(fieldCount) fields"
    if atEndOfFile, fieldCount < columnCount {
      return SternaError(
        .corrupt, "line \(line) ends the file after \(fields) of \(columnCount): the file is cut short",
        advice: "Fetch the file again, or delete its last line if the rest is all there is.")
    }
    return SternaError(
      .corrupt, "line \(line) has \(fields), the first line has \(columnCount)",
      advice: "Quote fields that contain the delimiter, or name another delimiter.")
  }
}

extension CSVTokenizer {
  /// The field whose opening quote is at `start` and the position of the delimiter or line end behind it;
  /// nil when the window ends before that is known.
  private func quotedField(
    in text: UnsafeRawBufferPointer, at start: Int, isFinal: Bool, row: inout OpenRow
  ) throws(SternaError) -> (span: FieldSpan, end: Int)? {
    var position = start + 1
    var hasDoubledQuotes = false
    while position < text.count {
      let byte = text[position]
      if byte == CSVDialect.lineFeed { row.innerLineCount += 1 }
      guard byte == CSVDialect.quote else {
        position += 1
        continue
      }
      guard position + 1 < text.count || isFinal else { return nil }
      if position + 1 < text.count, text[position + 1] == CSVDialect.quote {
        hasDoubledQuotes = true
        position += 2
        continue
      }
      let span = FieldSpan((start + 1)..<position, isQuoted: true, hasDoubledQuotes: hasDoubledQuotes)
      guard let end = try endOfField(in: text, behindQuoteAt: position, isFinal: isFinal, row: row) else {
        return nil
      }
      return (span, end)
    }
    guard isFinal else { return nil }
    throw SternaError(
      .corrupt,
      "a quoted field of the row on line \(line) is never closed: "
        + "the file is cut short or has a stray quote",
      advice: "Fetch the file again, or double the quotes inside of quoted fields.")
  }

  private func endOfField(
    in text: UnsafeRawBufferPointer, behindQuoteAt quote: Int, isFinal: Bool, row: OpenRow
  ) throws(SternaError) -> Int? {
    var end = quote + 1
    if end < text.count, text[end] == CSVDialect.carriageReturn { end += 1 }
    guard end < text.count else { return isFinal ? end : nil }
    let isDelimiter = text[end] == dialect.delimiter && end == quote + 1
    guard isDelimiter || text[end] == CSVDialect.lineFeed else {
      throw SternaError(
        .corrupt, "text follows the closing quote of a field on line \(line + row.innerLineCount)",
        advice: "Double the quotes inside of quoted fields.")
    }
    return end
  }
}
