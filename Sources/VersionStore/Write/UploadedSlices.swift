import Columnar
import SternaBase

/// Slices whose segments are in the store, waiting for a commit to refer to them.
struct UploadedSlices: Sendable {
  let schema: Schema
  let records: [SliceRecord]
  let columnsPerGroup: Int
  /// Whether they were staged by somebody else, who alone could upload them again.
  var isStaged = false

  var summary: SliceSummary { records.isEmpty ? .none : IndexContent.summary(of: records) }

  /// The records with their segments under `epoch`. A collector that raised the epoch since the upload may
  /// be deleting the blocks of an older one right now, so those are copied; a block that is already gone
  /// fails the commit instead of leaving a version without its data.
  func records(under epoch: UInt64, blocks: BlockStore, concurrency: Int) async throws -> [SliceRecord] {
    guard records.contains(where: { $0.entry.segments.contains { $0.epoch != epoch } }) else {
      return records
    }
    return try await mapConcurrently(records, limit: concurrency) { record in
      var moved = record
      for (group, pointer) in record.entry.segments.enumerated() where pointer.epoch != epoch {
        let bytes = try await bytes(of: pointer, blocks)
        try await blocks.put(PendingBlock(kind: pointer.kind, epoch: epoch, bytes: bytes))
        moved.entry.segments[group] = pointer.moved(to: epoch)
      }
      return moved
    }
  }

  /// A version of the slices alone, with everything but the segments uploaded under `epoch`.
  func content(
    under epoch: UInt64, metadata: Bytes?, blocks: BlockStore, concurrency: Int
  ) async throws -> VersionContent {
    let records = try await records(under: epoch, blocks: blocks, concurrency: concurrency)
    var appender = TreeAppender<IndexContent>(epoch: epoch)
    let content = VersionContent(
      root: appender.append(records, to: .empty), summary: summary,
      schema: appender.store(schema.encoded), columnsPerGroup: columnsPerGroup,
      metadata: metadata.map { appender.store($0) })
    try await blocks.put(appender.pending.blocks, concurrency: concurrency)
    return content
  }

  private func bytes(of pointer: BlockPointer, _ blocks: BlockStore) async throws -> Bytes {
    do {
      return try await blocks.get(pointer)
    } catch let error as SternaError where error.code == .versionPruned {
      if isStaged { throw SternaError.lostPiece(key: error.key) }
      throw SternaError(
        .conflict, "a garbage collection removed what this write had uploaded, before it could commit",
        advice: "Write the rows again.", key: error.key, retry: .transient)
    }
  }
}
