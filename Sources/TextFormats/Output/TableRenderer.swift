import Columnar

/// A frame as a table for people: columns aligned, numbers to the right, the middle left out when it is
/// long.
///
///     time                           price  size
///     -----------------------------  ------  ----
///     2013-10-07T04:00:00.464000000  167.41   100
///     … 250,599 more rows
///     2013-10-07T19:59:59.120000000   167.9   200
package struct TableRenderer {
  /// Columns of the terminal, or nil for as many as it takes. Columns that do not fit are named below.
  package var maximumWidth: Int?
  /// Rows that are shown, or nil for all.
  package var maximumRowCount: Int?
  /// Longer values are cut.
  package var maximumCellWidth = 48
  package var nullText = "null"

  private static let gap = "  "

  package init(maximumWidth: Int? = nil, maximumRowCount: Int? = 20) {
    self.maximumWidth = maximumWidth
    self.maximumRowCount = maximumRowCount
  }

  /// The table of a frame, ending in a line feed.
  package func render(_ frame: DataFrame) -> String {
    guard let limit = maximumRowCount, frame.rowCount > limit else {
      return render(head: frame, tail: nil, omittedRowCount: 0)
    }
    let headCount = (limit + 1) / 2
    let tailStart = frame.rowCount - limit / 2
    return render(
      head: frame.slice(0..<headCount), tail: frame.slice(tailStart..<frame.rowCount),
      omittedRowCount: tailStart - headCount)
  }

  /// The table of the first and last rows of something larger that the caller need not have in memory.
  package func render(head: DataFrame, tail: DataFrame?, omittedRowCount: Int) -> String {
    precondition(tail.map { $0.schema == head.schema } ?? true)
    let columns = head.schema.fields.enumerated().map { position, field in
      column(field, head: head.columns[position], tail: tail?.columns[position])
    }
    let shownCount = countOfColumnsThatFit(columns)
    let shown = columns[..<shownCount] + (shownCount < columns.count ? [.ellipsis] : [])
    var lines = [
      line(shown.map { $0.aligned($0.title) }),
      line(shown.map { String(repeating: "-", count: $0.width) }),
    ]
    for row in 0..<head.rowCount { lines.append(line(shown.map { $0.cell(row) })) }
    if omittedRowCount > 0 {
      lines.append("… \(Self.grouped(omittedRowCount)) more row\(omittedRowCount == 1 ? "" : "s")")
    }
    let rowCount = head.rowCount + (tail?.rowCount ?? 0)
    for row in head.rowCount..<rowCount { lines.append(line(shown.map { $0.cell(row) })) }
    if rowCount == 0, omittedRowCount == 0 { lines.append("no rows") }
    if shownCount < columns.count {
      lines.append("more columns: " + columns[shownCount...].map(\.title).joined(separator: ", "))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The cells of one row, without spaces at the end.
  private func line(_ cells: [String]) -> String {
    var line = cells.joined(separator: Self.gap)
    while line.last == " " { line.removeLast() }
    return line
  }

  private func countOfColumnsThatFit(_ columns: [TableColumn]) -> Int {
    guard let maximumWidth else { return columns.count }
    var width = 0
    for (position, column) in columns.enumerated() {
      width += column.width + (position > 0 ? Self.gap.count : 0)
      // Unless it is the last, it must leave room for the ellipsis.
      let reserved = position == columns.count - 1 ? 0 : Self.gap.count + TableColumn.ellipsis.width
      // One column is always shown, even when it is too wide.
      if width + reserved > maximumWidth { return max(position, 1) }
    }
    return columns.count
  }

  private func column(_ field: Field, head: Column, tail: Column?) -> TableColumn {
    let style = TextStyle.table(nullText: Array(nullText.utf8))
    let cells = [head, tail].compactMap { $0 }.flatMap { column in
      let rendered = RenderedColumn(column, style: style)
      return (0..<column.count).map { shortened(rendered.text(of: $0)) }
    }
    var name: [UInt8] = []
    Array(field.name.utf8).withUnsafeBytes { style.appendText($0, to: &name) }
    return TableColumn(
      title: shortened(String(decoding: name, as: UTF8.self)), cells: cells, isNumber: field.type.isNumber)
  }

  private func shortened(_ text: String) -> String {
    guard DisplayWidth.of(text) > maximumCellWidth else { return text }
    return DisplayWidth.prefix(of: text, width: maximumCellWidth - 1) + "…"
  }

  /// A count with its thousands apart: 250,599.
  private static func grouped(_ count: Int) -> String {
    let digits = Array(String(count))
    return digits.indices.map { index in
      let isGroupStart = index > 0 && (digits.count - index).isMultiple(of: 3)
      return (isGroupStart ? "," : "") + String(digits[index])
    }.joined()
  }
}

/// The texts of one column of a table.
private struct TableColumn {
  let title: String
  let cells: [String]
  let isNumber: Bool
  let width: Int

  /// Stands for the columns that do not fit.
  static let ellipsis = TableColumn(title: "…", cells: [], isNumber: false)

  init(title: String, cells: [String], isNumber: Bool) {
    self.title = title
    self.cells = cells
    self.isNumber = isNumber
    width = cells.reduce(DisplayWidth.of(title)) { max($0, DisplayWidth.of($1)) }
  }

  func cell(_ row: Int) -> String { cells.indices.contains(row) ? aligned(cells[row]) : title }

  func aligned(_ text: String) -> String {
    let padding = String(repeating: " ", count: max(width - DisplayWidth.of(text), 0))
    return isNumber ? padding + text : text + padding
  }
}

extension DataType {
  fileprivate var isNumber: Bool {
    switch self {
    case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .float32, .float64, .duration:
      true
    default: false
    }
  }
}
