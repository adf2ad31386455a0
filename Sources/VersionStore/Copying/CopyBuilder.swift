import Columnar
import SternaBase
import Synchronization

/// A version with the data of one that the symbol does not have, or not any more: of another symbol or
/// store, or of a snapshot. Segments are copied as
/// they are, by the store itself where it is one (`BlockStore.copy`), else checked on the way; index nodes
/// are made anew, as their pointers name the epoch.
///
/// The version keeps the commit id of its origin among its tokens: what was copied is known.
struct CopyBuilder: VersionBuilder {
  let operation: VersionEntry.Operation
  let source: StoredVersion
  /// Of the symbol that is written.
  let tree: TreeExtension
  /// Segments that are on their way at once.
  let copyConcurrency: Int
  let concurrency: Int
  private let copied = CopiedBlocks()

  init(
    operation: VersionEntry.Operation, source: StoredVersion, tree: TreeExtension, copyConcurrency: Int,
    concurrency: Int
  ) {
    self.operation = operation
    self.source = source
    self.tree = tree
    self.copyConcurrency = copyConcurrency
    self.concurrency = concurrency
  }

  var tokens: [UniqueID] { [source.entry.commitID] }
  private var blocks: BlockStore { tree.uploader.blocks }

  func build(on base: RefSnapshot, isRebase: Bool) async throws -> VersionContent {
    let epoch = base.epoch
    let records = try await copiedRecords(on: base)
    var appender = TreeAppender<IndexContent>(epoch: epoch)
    let schemaBytes = try await source.content.schema.load(from: source.blocks)
    let metadata = try await source.content.metadata?.load(from: source.blocks)
    let content = VersionContent(
      root: appender.append(records, to: .empty),
      summary: records.isEmpty ? .none : IndexContent.summary(of: records),
      schema: appender.store(schema: schemaBytes), columnsPerGroup: source.content.columnsPerGroup,
      metadata: metadata.map { appender.store($0) })
    try await blocks.put(appender.pending.blocks, concurrency: concurrency)
    guard let tail = source.content.tail else { return content }
    // Only the rows that the version has of the tail: those behind belong to later versions.
    let codec = TailCodec(
      blocks: source.blocks, encoder: tree.uploader.encoder, limits: tree.tails.limits)
    let rows = try await codec.rows(of: tail, schema: try Schema(encoded: schemaBytes))
    return try await tree.extend(content, by: rows, epoch: epoch)
  }

  private func copiedRecords(on base: RefSnapshot) async throws -> [SliceRecord] {
    let present = try await segments(of: base.state)
    let reader = TreeReader<IndexContent>(blocks: source.blocks, concurrency: concurrency)
    var records: [SliceRecord] = []
    for found in try await reader.leaves(of: source.content.root, where: { _, _ in true }) {
      records += try await IndexContent.items(of: found.leaf, blocks: source.blocks)
    }
    return try await mapConcurrently(records, limit: copyConcurrency) { record in
      var moved = record
      for (group, pointer) in record.entry.segments.enumerated() {
        moved.entry.segments[group] = try await copy(pointer, under: base.epoch, present)
      }
      return moved
    }
  }

  private func copy(
    _ pointer: BlockPointer, under epoch: UInt64, _ present: [SHA256Digest: BlockPointer]
  ) async throws -> BlockPointer {
    if let known = present[pointer.digest] { return known }
    let target = pointer.moved(to: epoch)
    guard !copied.contains(BlockName(target)) else { return target }
    copied.insert(BlockName(try await blocks.copy(pointer, from: source.blocks, under: epoch)))
    return target
  }

  /// The segments of the newest live version: what the commit may refer to without copying it.
  private func segments(of state: RefState?) async throws -> [SHA256Digest: BlockPointer] {
    let history = HistoryReader(blocks: blocks, concurrency: concurrency)
    guard let latest = try await history.latestContent(of: state) else { return [:] }
    let leaves = try await TreeReader<IndexContent>(blocks: blocks, concurrency: concurrency)
      .leaves(of: latest.root) { _, _ in true }
    let pointers = leaves.flatMap(\.leaf.slices).flatMap(\.segments)
    return Dictionary(pointers.map { ($0.digest, $0) }) { first, _ in first }
  }
}

/// What a copy has put already: a rebase need not do it again.
private final class CopiedBlocks: Sendable {
  private let names = Mutex<Set<BlockName>>([])

  func contains(_ name: BlockName) -> Bool { names.withLock { $0.contains(name) } }
  func insert(_ name: BlockName) { names.withLock { _ = $0.insert(name) } }
}
