import Columnar
import SternaBase

/// A version in which the rows of a closed range of index values gave way to others: an update, or, with no
/// rows to put there, a deletion.
///
/// Only what the range touches is rewritten. The first and last slice in it are read; their rows outside of
/// the range stay where they are, as parts of their segments, unless they are few (`PartRules`). All slices
/// in between are dropped unread. Where the range lies behind the tree, only the tail changes.
struct RangeReplacement: VersionBuilder {
  let operation: VersionEntry.Operation
  let range: ClosedRange<Int64>
  /// Nil: nothing takes the place of the rows.
  let frame: DataFrame?
  let metadata: Bytes?
  /// Whether a symbol without versions begins with the rows.
  let createsSymbol: Bool
  let tree: TreeExtension
  let concurrency: Int

  var uploader: SliceUploader { tree.uploader }
  var blocks: BlockStore { tree.uploader.blocks }

  func build(on base: RefSnapshot, isRebase: Bool) async throws -> VersionContent {
    let history = HistoryReader(blocks: blocks, concurrency: concurrency)
    guard let latest = try await history.latestContent(of: base.state) else {
      return try await firstVersion(on: base, isRebase)
    }
    let oldSchema = try Schema(encoded: try await latest.schema.load(from: blocks))
    let schema = try frame.map { try AppendCompatibility.joined(oldSchema, $0.schema) } ?? oldSchema
    guard schema.indexColumn != nil else {
      throw SternaError(
        .invalidArgument,
        "symbol '\(blocks.symbol.text)' has no index, so rows cannot be replaced by its values",
        advice: "Write the symbol anew, with an index.")
    }
    var content = try await replaceRows(of: latest, schema, epoch: base.epoch)
    var pending = PendingBlocks(epoch: base.epoch)
    if schema != oldSchema { content.schema = StoredValue(storing: schema, pending: &pending) }
    content.metadata = metadata.map { StoredValue(storing: $0, pending: &pending) }
    try await blocks.put(pending.blocks, concurrency: concurrency)
    return content
  }

  /// The tree holds all rows up to its last index value, and the tail those from there on; both may have
  /// rows of the range.
  private func replaceRows(
    of latest: VersionContent, _ schema: Schema, epoch: UInt64
  ) async throws -> VersionContent {
    let concernsTree = latest.treeSummary.keys.map { $0.last >= range.lowerBound } ?? false
    let concernsTail = latest.tail?.keys.map { $0.first <= range.upperBound } ?? false
    var content = latest
    if concernsTree {
      content = try await replaceSlices(of: latest.withoutTail, schema, epoch: epoch)
      content.tail = latest.tail
      guard concernsTail else { return content }
    }
    let tail = try await tailRows(of: latest, schema)
    let (before, after) = tail.rows(outside: range)
    let added = concernsTree ? nil : frame.map { [$0] }
    return try await tree.extend(
      content.withoutTail, by: .concatenating(schema, [before] + (added ?? []) + [after]), epoch: epoch)
  }

  private func tailRows(of latest: VersionContent, _ schema: Schema) async throws -> DataFrame {
    guard let tail = latest.tail else { return DataFrame(empty: schema) }
    return try await tree.tails.rows(of: tail, schema: schema)
  }

  private func firstVersion(on base: RefSnapshot, _ isRebase: Bool) async throws -> VersionContent {
    guard createsSymbol, let frame else {
      throw SternaError(
        .symbolNotFound, "there is no symbol '\(blocks.symbol.text)' to change",
        advice: "Write it first, or ask for it to be created.")
    }
    let none = UploadedSlices(
      schema: frame.schema, records: [], columnsPerGroup: uploader.shape.columnsPerGroup)
    return try await WriteBuilder(
      head: frame, slices: none, metadata: metadata, tree: tree, concurrency: concurrency
    ).build(on: base, isRebase: isRebase)
  }
}

extension DataFrame {
  /// The rows before and behind a range of index values.
  fileprivate func rows(outside range: ClosedRange<Int64>) -> (before: DataFrame, after: DataFrame) {
    guard let index, rowCount > 0 else { return (self, slice(0..<0)) }
    return (
      slice(0..<index.lowerBound(of: range.lowerBound)),
      slice(index.upperBound(of: range.upperBound)..<rowCount)
    )
  }
}
