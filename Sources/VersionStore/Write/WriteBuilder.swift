import Columnar
import SternaBase

/// A version that replaces whatever was there before.
struct WriteBuilder: VersionBuilder {
  let slices: UploadedSlices
  let metadata: Bytes?
  let blocks: BlockStore
  let concurrency: Int

  var operation: VersionEntry.Operation { .write }

  func build(on base: RefSnapshot, isRebase: Bool) async throws -> VersionContent {
    let records = try await slices.records(under: base.epoch, blocks: blocks, concurrency: concurrency)
    var appender = TreeAppender<IndexContent>(epoch: base.epoch)
    let content = VersionContent(
      root: appender.append(records, to: .empty), summary: slices.summary,
      schema: appender.store(slices.schema.encoded), columnsPerGroup: slices.columnsPerGroup,
      metadata: metadata.map { appender.store($0) })
    try await blocks.put(appender.pending.blocks, concurrency: concurrency)
    return content
  }
}
