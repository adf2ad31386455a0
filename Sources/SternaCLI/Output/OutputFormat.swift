import ArgumentParser
import Columnar
import TextFormats

/// In which form data is printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
  /// Aligned columns for people.
  case table
  case csv
  /// One document.
  case json
  /// One JSON document a line.
  case jsonl
}

extension OutputFormat {
  /// What turns frames into this format as they come; nil for tables, which need all rows to align their
  /// columns.
  func makeWriter(_ schema: Schema) -> (any FrameWriter)? {
    switch self {
    case .table: nil
    case .csv: CSVWriter(schema: schema)
    case .json: JSONWriter(schema: schema)
    case .jsonl: JSONLinesWriter(schema: schema)
    }
  }
}
