import Columnar
import SternaBase

/// Which frames may be appended to which symbols.
enum AppendCompatibility {
  /// The schema of the rows of both: names, order and types must be equal, and either may bring nulls.
  static func joined(_ old: Schema, _ new: Schema) throws(SternaError) -> Schema {
    guard old.fields.map(\.name) == new.fields.map(\.name) else {
      throw mismatch(
        "the symbol has the columns \(names(of: old)), the data has \(names(of: new))",
        "Give the data the same columns in the same order.")
    }
    for (was, comes) in zip(old.fields, new.fields) where was.type != comes.type {
      throw mismatch(
        "column '\(was.name)' is \(was.type) in the symbol and \(comes.type) in the data",
        "Convert the column, or write the symbol anew with the new type.")
    }
    guard old.indexColumn == new.indexColumn else {
      throw mismatch(
        "the symbol's index is \(indexName(of: old)), the data's is \(indexName(of: new))",
        "Give the data the same index column.")
    }
    var joined = old
    for (position, field) in new.fields.enumerated() where field.isNullable {
      joined.fields[position].isNullable = true
    }
    return joined
  }

  /// All slices of a symbol have the same column groups; a symbol written with other ones keeps its own.
  static func requireColumnGroups(of latest: VersionContent, _ slices: UploadedSlices) throws(SternaError) {
    let groups = SliceShape.groups(
      columnCount: slices.schema.fields.count, columnsPerGroup: latest.columnsPerGroup)
    guard slices.records.allSatisfy({ $0.entry.segments.count == groups.count }) else {
      throw SternaError(
        .conflict, "the symbol was rewritten with other column groups while rows were appended",
        advice: "Try the append again.")
    }
  }

  /// Old and new slices come to stand in one node, which has one number of column groups.
  static func requireSegments(
    of records: [SliceRecord], like latest: VersionContent, _ schema: Schema
  ) throws(SternaError) {
    let groups = SliceShape.groups(
      columnCount: schema.fields.count, columnsPerGroup: latest.columnsPerGroup)
    guard records.allSatisfy({ $0.entry.segments.count == groups.count }) else {
      throw SternaError(
        .corrupt, "an index leaf has other column groups than its version",
        advice: "Write the symbol anew, or restore it from a replica.")
    }
  }

  private static func mismatch(_ message: String, _ advice: String) -> SternaError {
    SternaError(.schemaMismatch, message, advice: advice)
  }

  private static func names(of schema: Schema) -> String {
    schema.fields.prefix(20).map(\.name).joined(separator: ", ") + (schema.fields.count > 20 ? ", ..." : "")
  }

  private static func indexName(of schema: Schema) -> String {
    schema.indexField.map { "'\($0.name)'" } ?? "the row number"
  }
}
