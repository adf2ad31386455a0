import Columnar
import Sterna
import TextFormats

/// Named facts about one thing, in order: what `info` prints.
///
///     table   name, two spaces, value       csv    field,value lines
///     json    an object                     jsonl  the same on one line
struct Record {
  private(set) var fields: [JSONValue.Member] = []

  mutating func add(_ name: String, _ value: JSONValue) { fields.append(.init(name, value)) }
  mutating func add(_ name: String, _ value: String) { add(name, .string(value)) }
  mutating func add(_ name: String, _ value: Int) { add(name, .int64(Int64(value))) }

  func text(_ format: OutputFormat) throws(SternaError) -> String {
    switch format {
    case .table: table
    case .csv:
      String(decoding: CSVWriter.text(of: try frame(), by: CSVWriter(schema: Self.schema)), as: UTF8.self)
    case .json:
      "{\n" + (try members().map { "  " + $0 }.joined(separator: ",\n")) + "\n}\n"
    case .jsonl: "{" + (try members().joined(separator: ",")) + "}\n"
    }
  }

  /// Names to the left; what is not there is left out.
  private var table: String {
    let width = fields.map(\.name.count).max() ?? 0
    return fields.filter { $0.value != .null }.map { field in
      field.name + String(repeating: " ", count: width - field.name.count + 2) + Self.plain(field.value)
        + "\n"
    }.joined()
  }

  private func members() throws(SternaError) -> [String] {
    var members: [String] = []
    for field in fields {
      let name = try JSONValue.string(field.name).serialized()
      members.append("\(name): \(try field.value.serialized())")
    }
    return members
  }

  private static let schema = Schema([Field("field", .utf8), Field("value", .utf8)])

  private func frame() throws(SternaError) -> DataFrame {
    try DataFrame([
      ("field", .strings(fields.map(\.name))),
      ("value", .strings(fields.map { $0.value == .null ? nil : Self.plain($0.value) })),
    ])
  }

  /// Texts without quotes, counts with their thousands apart only where people read them.
  private static func plain(_ value: JSONValue) -> String { value.stringValue ?? value.description }
}
