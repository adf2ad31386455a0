import Columnar
import SternaBase

/// Frames as JSON objects, one a row, its members in the order of the columns.
///
/// Instants, dates and durations are ISO 8601 texts and binary values hexadecimal ones. NaN and the
/// infinities become null: JSON has no such numbers.
struct JSONRows {
  /// `{"time":`, `,"price":`, ...
  private let labels: [[UInt8]]

  init(schema: Schema) {
    labels = schema.fields.enumerated().map { position, field in
      var label = Array((position == 0 ? "{" : ",").utf8)
      JSONText.append(field.name, to: &label)
      label.append(UInt8(ascii: ":"))
      return label
    }
  }

  /// Appends the rows; `start` is called before and `end` after each.
  func append(
    _ frame: DataFrame, to output: inout [UInt8], start: (inout [UInt8]) -> Void = { _ in },
    end: (inout [UInt8]) -> Void = { _ in }
  ) {
    precondition(frame.columns.count == labels.count)
    let columns = frame.columns.map { RenderedColumn($0, style: .json) }
    for row in 0..<frame.rowCount {
      start(&output)
      if columns.isEmpty { output.append(UInt8(ascii: "{")) }
      for (label, column) in zip(labels, columns) {
        output.append(contentsOf: label)
        column.append(row: row, to: &output)
      }
      output.append(UInt8(ascii: "}"))
      end(&output)
    }
  }
}

/// One JSON array of all rows.
package struct JSONWriter: FrameWriter {
  private let rows: JSONRows
  private var isOpen = false

  package init(schema: Schema) { rows = JSONRows(schema: schema) }

  package mutating func write(_ frame: DataFrame, into output: inout [UInt8]) {
    var isOpen = isOpen
    rows.append(
      frame, to: &output,
      start: { output in
        output.append(contentsOf: (isOpen ? ",\n" : "[\n").utf8)
        isOpen = true
      })
    self.isOpen = isOpen
  }

  package mutating func finish(into output: inout [UInt8]) {
    output.append(contentsOf: (isOpen ? "\n]\n" : "[]\n").utf8)
  }
}

/// One JSON object a line (JSON Lines).
package struct JSONLinesWriter: FrameWriter {
  private let rows: JSONRows

  package init(schema: Schema) { rows = JSONRows(schema: schema) }

  package func write(_ frame: DataFrame, into output: inout [UInt8]) {
    rows.append(frame, to: &output, end: { $0.append(UInt8(ascii: "\n")) })
  }

  package func finish(into output: inout [UInt8]) {}
}
