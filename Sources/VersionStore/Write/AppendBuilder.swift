import Columnar
import SternaBase

/// A version that adds rows behind the latest one's: it shares the whole tree while the tail takes them up,
/// else every segment and all index nodes but the right edge.
struct AppendBuilder: VersionBuilder {
  /// The rows that come first, which are joined with what the symbol ends in; nil for none.
  var head: DataFrame?
  /// The rows behind them, cut and uploaded.
  let slices: UploadedSlices
  let metadata: Bytes?
  let tree: TreeExtension
  let concurrency: Int

  var operation: VersionEntry.Operation { .append }
  private var blocks: BlockStore { tree.uploader.blocks }

  func build(on base: RefSnapshot, isRebase: Bool) async throws -> VersionContent {
    try await buildVersion(on: base, isRebase: isRebase).content
  }

  func buildVersion(on base: RefSnapshot, isRebase: Bool) async throws -> BuiltVersion {
    let history = HistoryReader(blocks: blocks, concurrency: concurrency)
    guard let latest = try await history.latestContent(of: base.state) else {
      // Nothing to append to: the rows are the symbol's first.
      return BuiltVersion(
        try await WriteBuilder(
          head: head, slices: slices, metadata: metadata, tree: tree, concurrency: concurrency
        ).build(on: base, isRebase: isRebase))
    }
    let oldSchema = try Schema(encoded: try await latest.schema.load(from: blocks))
    let schema = try AppendCompatibility.joined(oldSchema, slices.schema)
    try AppendCompatibility.requireColumnGroups(of: latest, slices)
    try requireOrder(after: latest, isRebase: isRebase, index: schema.indexField)

    let records = try await slices.records(on: base, blocks: blocks, concurrency: concurrency)
    var content = latest
    // What has no rows changes nothing, not even the form of what is there.
    if head?.rowCount ?? 0 > 0 || !records.isEmpty {
      let rows = try await rows(behind: latest, schema)
      content = try await tree.extend(latest.withoutTail, by: rows, records, epoch: base.epoch)
    }
    var pending = PendingBlocks(epoch: base.epoch)
    if schema != oldSchema { content.schema = StoredValue(storing: schema, pending: &pending) }
    content.metadata = metadata.map { StoredValue(storing: $0, pending: &pending) }
    try await blocks.put(pending.blocks, concurrency: concurrency)
    let isContinued = content.tail != nil && content.root == latest.root
    return BuiltVersion(content, continuing: isContinued ? latest.tail : nil)
  }

  /// The rows of the tail, and the new ones behind them.
  private func rows(behind latest: VersionContent, _ schema: Schema) async throws -> DataFrame {
    var frames: [DataFrame] = []
    if let tail = latest.tail { frames.append(try await tree.tails.rows(of: tail, schema: schema)) }
    if let head {
      frames.append(DataFrame(schema: schema, columns: head.columns, rowCount: head.rowCount))
    }
    return try DataFrame.concatenating(schema, frames)
  }

  /// Rows may only come at or behind the end. When another writer moved the end after this one started, the
  /// two appends do not commute: that is a conflict, not a mistake in the data.
  private func requireOrder(after latest: VersionContent, isRebase: Bool, index: Field?) throws {
    guard let lastKey = latest.summary.keys?.last, let firstKey = firstKey, firstKey < lastKey
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

  private var firstKey: Int64? {
    if let head, head.rowCount > 0 { return head.index?.indexValue(at: 0) }
    return slices.summary.keys?.first
  }
}

extension DataFrame {
  /// Rows of several frames that fit a schema, which may be none.
  static func concatenating(_ schema: Schema, _ frames: [DataFrame]) throws(SternaError) -> DataFrame {
    let frames = frames.filter { $0.rowCount > 0 }
    guard frames.count > 0 else { return DataFrame(empty: schema) }
    let whole = frames.count == 1 ? frames[0] : try concatenating(frames)
    return DataFrame(schema: schema, columns: whole.columns, rowCount: whole.rowCount)
  }

  init(empty schema: Schema) {
    self.init(
      schema: schema, columns: schema.fields.map { ColumnBuilder($0.type).finish() }, rowCount: 0)
  }
}
