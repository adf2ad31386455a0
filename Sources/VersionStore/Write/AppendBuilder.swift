import Columnar
import SternaBase

/// A version that adds rows behind the latest one's: it shares every segment and all index nodes but the
/// right edge.
struct AppendBuilder: VersionBuilder {
  let slices: UploadedSlices
  let metadata: Bytes?
  let blocks: BlockStore
  let concurrency: Int

  var operation: VersionEntry.Operation { .append }

  func build(on base: RefSnapshot, isRebase: Bool) async throws -> VersionContent {
    let history = HistoryReader(blocks: blocks, concurrency: concurrency)
    guard let latest = try await history.latestContent(of: base.state) else {
      // Nothing to append to: the rows are the symbol's first.
      return try await WriteBuilder(
        slices: slices, metadata: metadata, blocks: blocks, concurrency: concurrency
      ).build(on: base, isRebase: isRebase)
    }
    let oldSchema = try Schema(encoded: try await latest.schema.load(from: blocks))
    let schema = try AppendCompatibility.joined(oldSchema, slices.schema)
    try AppendCompatibility.requireColumnGroups(of: latest, slices)
    try requireOrder(after: latest, isRebase: isRebase, index: schema.indexField)

    let records = try await slices.records(under: base.epoch, blocks: blocks, concurrency: concurrency)
    let edge = try await TreeReader<IndexContent>(blocks: blocks, concurrency: concurrency)
      .rightEdge(of: latest.root)
    if case .leaf(let old)? = edge.nodes.last {
      try AppendCompatibility.requireSegments(of: old, like: latest, schema)
    }
    var appender = TreeAppender<IndexContent>(epoch: base.epoch)
    let summaries = [latest.summary, slices.summary].filter { $0.sliceCount > 0 }
    let content = VersionContent(
      root: appender.append(records, to: edge),
      summary: summaries.isEmpty ? .none : IndexContent.summary(merging: summaries),
      schema: schema == oldSchema ? latest.schema : appender.store(schema.encoded),
      columnsPerGroup: latest.columnsPerGroup, metadata: metadata.map { appender.store($0) })
    try await blocks.put(appender.pending.blocks, concurrency: concurrency)
    return content
  }

  /// Rows may only come at or behind the end. When another writer moved the end after this one started, the
  /// two appends do not commute: that is a conflict, not a mistake in the data.
  private func requireOrder(after latest: VersionContent, isRebase: Bool, index: Field?) throws {
    guard let lastKey = latest.summary.keys?.last, let firstKey = slices.summary.keys?.first,
      firstKey < lastKey
    else { return }
    let (end, start) = (index?.type.indexText(lastKey) ?? "", index?.type.indexText(firstKey) ?? "")
    let indexName = index?.name ?? ""
    if isRebase {
      throw SternaError(
        .conflict, "another writer appended rows up to \(end) of '\(indexName)', behind the start \(start)",
        advice: "Read the symbol and append only what comes behind its end.")
    }
    throw SternaError(
      .unsortedIndex, "the rows start at \(start) of '\(indexName)', before the symbol's end at \(end)",
      advice: "Append only rows at or behind the end, or write the whole symbol anew.")
  }
}

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
