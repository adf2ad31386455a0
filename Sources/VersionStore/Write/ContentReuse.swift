import SternaBase

/// A version that has the data of another: restored, or with other metadata. Nothing is uploaded but the
/// metadata.
struct ContentReuse: VersionBuilder {
  let operation: VersionEntry.Operation
  /// The other version; not one of a snapshot, which the ref need not have.
  let selector: VersionSelector
  /// Nil keeps the other version's.
  let metadata: Bytes?
  let blocks: BlockStore
  let concurrency: Int

  func build(on base: RefSnapshot, isRebase: Bool) async throws -> VersionContent {
    guard let state = base.state, !state.isDeleted else {
      throw SternaError(.symbolNotFound, "there is no symbol '\(blocks.symbol.text)'")
    }
    // Looked up in the very state that the commit names: what is live there keeps its blocks.
    let resolver = VersionResolver(
      state: state, history: HistoryReader(blocks: blocks, concurrency: concurrency))
    var (_, content) = try await resolver.resolve(selector)
    if let metadata {
      var pending = PendingBlocks(epoch: state.epoch)
      content.metadata = StoredValue(storing: metadata, pending: &pending)
      try await blocks.put(pending.blocks, concurrency: concurrency)
    }
    return content
  }
}
