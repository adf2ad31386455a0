import Columnar
import SternaBase

/// A version that replaces whatever was there before.
struct WriteBuilder: VersionBuilder {
  /// The rows that come first; nil for none.
  var head: DataFrame?
  /// The rows behind them, cut and uploaded.
  let slices: UploadedSlices
  let metadata: Bytes?
  let tree: TreeExtension
  let concurrency: Int
  /// Whether segments that the version before has are not uploaded again.
  var sharesSegments = false

  var operation: VersionEntry.Operation { .write }
  private var blocks: BlockStore { tree.uploader.blocks }

  func build(on base: RefSnapshot, isRebase: Bool) async throws -> VersionContent {
    let records = try await slices.records(on: base, blocks: blocks, concurrency: concurrency)
    var pending = PendingBlocks(epoch: base.epoch)
    let empty = VersionContent(
      root: .empty, summary: .none,
      schema: StoredValue(storing: slices.schema, pending: &pending),
      columnsPerGroup: slices.columnsPerGroup,
      metadata: metadata.map { StoredValue(storing: $0, pending: &pending) })
    try await blocks.put(pending.blocks, concurrency: concurrency)
    var tree = tree
    if sharesSegments { tree.uploader.known = try await KnownSegments.latest(of: base.state, blocks) }
    return try await tree.extend(
      empty, by: head ?? DataFrame(empty: slices.schema), records, epoch: base.epoch)
  }
}
