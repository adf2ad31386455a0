import Columnar
import Sterna
import TextFormats

/// Several named tables and records of one answer: what `inspect` prints.
///
///     table, csv    one after the other, an empty line between
///     json, jsonl   one object, a member each
struct Report {
  enum Body {
    case record(Record)
    case frame(DataFrame)
  }

  private(set) var sections: [(name: String, body: Body)] = []

  mutating func add(_ name: String, _ record: Record) { sections.append((name, .record(record))) }
  mutating func add(_ name: String, _ frame: DataFrame) { sections.append((name, .frame(frame))) }

  func text(_ format: OutputFormat, width: Int?) throws(SternaError) -> String {
    var texts: [String] = []
    for (name, body) in sections {
      switch format {
      case .table: texts.append("\(name)\n" + Self.indented(try Self.table(body, width: width)))
      case .csv: texts.append(try Self.csv(body))
      case .json, .jsonl:
        texts.append("\(try JSONValue.string(name).serialized()): \(try Self.json(body))")
      }
    }
    return switch format {
    case .table, .csv: texts.joined(separator: "\n")
    case .json: "{\n" + texts.joined(separator: ",\n") + "\n}\n"
    case .jsonl: "{" + texts.joined(separator: ", ").filter { $0 != "\n" } + "}\n"
    }
  }

  private static func table(_ body: Body, width: Int?) throws(SternaError) -> String {
    switch body {
    case .record(let record): try record.text(.table)
    case .frame(let frame):
      TableRenderer(maximumWidth: width.map { $0 - 2 }, maximumRowCount: nil).render(frame)
    }
  }

  private static func csv(_ body: Body) throws(SternaError) -> String {
    switch body {
    case .record(let record): try record.text(.csv)
    case .frame(let frame):
      String(decoding: CSVWriter.text(of: frame, by: CSVWriter(schema: frame.schema)), as: UTF8.self)
    }
  }

  /// Without the line feed at its end. Line feeds inside texts are escaped, so those left are between
  /// values.
  private static func json(_ body: Body) throws(SternaError) -> String {
    let text =
      switch body {
      case .record(let record): try record.text(.jsonl)
      case .frame(let frame):
        String(decoding: JSONWriter.text(of: frame, by: JSONWriter(schema: frame.schema)), as: UTF8.self)
      }
    return String(text.dropLast())
  }

  private static func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : "  " + $0 }.joined(separator: "\n")
  }
}
