import Columnar

/// Frames as CSV (RFC 4180, with LF): a header, then a line a row.
///
/// What it writes, `CSVReader` reads as the same values when it is told the types: nulls are empty fields
/// and an empty text is `""`, numbers have as many digits as they need, and binary values are hexadecimal.
package struct CSVWriter: FrameWriter {
  private let schema: Schema
  private let dialect: CSVDialect
  private let style: TextStyle
  private var hasHeader: Bool

  package init(
    schema: Schema, dialect: CSVDialect = CSVDialect(), nullText: String = "", header: Bool = true
  ) {
    self.schema = schema
    self.dialect = dialect
    style = .csv(delimiter: dialect.delimiter, nullText: Array(nullText.utf8))
    hasHeader = !header
  }

  package mutating func write(_ frame: DataFrame, into output: inout [UInt8]) {
    precondition(frame.schema == schema)
    appendHeader(to: &output)
    let columns = frame.columns.map { RenderedColumn($0, style: style) }
    for row in 0..<frame.rowCount {
      for (position, column) in columns.enumerated() {
        if position > 0 { output.append(dialect.delimiter) }
        column.append(row: row, to: &output)
      }
      output.append(CSVDialect.lineFeed)
    }
  }

  package mutating func finish(into output: inout [UInt8]) { appendHeader(to: &output) }

  private mutating func appendHeader(to output: inout [UInt8]) {
    guard !hasHeader else { return }
    hasHeader = true
    for (position, field) in schema.fields.enumerated() {
      if position > 0 { output.append(dialect.delimiter) }
      var name = field.name
      name.withUTF8 { style.appendText(UnsafeRawBufferPointer($0), to: &output) }
    }
    output.append(CSVDialect.lineFeed)
  }
}
