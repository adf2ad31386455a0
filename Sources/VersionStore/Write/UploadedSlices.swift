import Columnar
import SternaBase

/// Slices whose segments are in the store, waiting for a commit to refer to them.
struct UploadedSlices: Sendable {
  let schema: Schema
  let records: [SliceRecord]
  let columnsPerGroup: Int
  /// Whether they were staged by somebody else, who alone could upload them again.
  var isStaged = false
  /// Segments that were not uploaded, because a version has them.
  var shared: (names: Set<BlockName>, version: KnownSegments)?

  var summary: SliceSummary { records.isEmpty ? .none : IndexContent.summary(of: records) }

  /// The records with segments that a commit on a state may refer to: blocks under its epoch, and blocks of
  /// versions that are live in it.
  ///
  /// A collector that raised the epoch since the upload may be deleting the blocks of an older one right
  /// now, so those are copied; a block that is already gone fails the commit instead of leaving a version
  /// without its data.
  func records(
    on base: RefSnapshot, blocks: BlockStore, concurrency: Int
  ) async throws -> [SliceRecord] {
    let epoch = base.epoch
    guard records.contains(where: { $0.entry.segments.contains { $0.epoch != epoch } }) else {
      return records
    }
    var kept: Set<BlockName> = []
    if let shared, try await shared.version.isLive(in: base.state) { kept = shared.names }
    let mayStay = kept
    return try await mapConcurrently(records, limit: concurrency) { record in
      var moved = record
      for (group, pointer) in record.entry.segments.enumerated()
      where pointer.epoch != epoch && !mayStay.contains(BlockName(pointer)) {
        moved.entry.segments[group] = try await copy(pointer, under: epoch, blocks)
      }
      return moved
    }
  }

  private func copy(
    _ pointer: BlockPointer, under epoch: UInt64, _ blocks: BlockStore
  ) async throws -> BlockPointer {
    do {
      return try await blocks.copy(pointer, from: blocks, under: epoch)
    } catch let error as SternaError where error.code == .versionPruned {
      if isStaged { throw SternaError.lostPiece(key: error.key) }
      throw SternaError(
        .conflict, "a garbage collection removed what this write had uploaded, before it could commit",
        advice: "Write the rows again.", key: error.key, retry: .transient)
    }
  }
}
