import SternaBase

/// The names of a file's columns.
enum CSVHeader {
  /// Names from the fields of the first row. A nameless column (pandas writes one for a nameless index)
  /// gets the name of its place.
  static func names(in row: CSVBlock) throws(SternaError) -> [String] {
    var names: [String] = []
    for column in 0..<row.rows.columnCount {
      let bytes = row.span(row: 0, column: column).value(in: row.text)
      guard let name = String(validating: bytes, as: UTF8.self) else {
        throw SternaError(
          .corrupt, "the name of column \(column + 1) is not UTF-8",
          advice: "Convert the file to UTF-8 first, for example with iconv -f latin1 -t utf-8.")
      }
      names.append(name.isEmpty ? placeholder(column) : name)
    }
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted {
      throw SternaError(
        .corrupt, "two columns are named '\(name)'", advice: "Give each column a name of its own.")
    }
    return names
  }

  /// Names for a file without a header.
  static func placeholders(count: Int) -> [String] { (0..<count).map(placeholder) }

  private static func placeholder(_ column: Int) -> String { "column_\(column + 1)" }
}
