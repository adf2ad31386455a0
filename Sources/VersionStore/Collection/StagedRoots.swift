import SternaBase

/// What staged pieces hold, for a collector. Made after the refs were read: a piece whose descriptor comes
/// later is uploaded anew by its stager, who reads the epoch again behind the descriptor.
struct StagedRoots: Sendable {
  private let store: SymbolStore
  private let shards: Set<String>
  private let removesConsumed: Bool

  /// - Parameter removesConsumed: whether descriptors are deleted that a commit left behind; a dry run
  ///   writes nothing.
  init(store: SymbolStore, removesConsumed: Bool) async throws {
    self.store = store
    self.removesConsumed = removesConsumed
    shards = try await store.stagedPieces.shards()
  }

  /// Marks what the pieces of a symbol lead to.
  /// - Parameter state: the ref that the collection goes by.
  func mark(
    _ reachable: inout ReachableBlocks, of symbol: ObjectName, _ state: RefState?
  ) async throws {
    guard shards.contains(symbol.shard) else { return }
    let consumption = StagedConsumption(
      history: HistoryReader(blocks: store.blocks(of: symbol), concurrency: store.options.fetchConcurrency))
    for token in try await store.stagedPieces.tokens(of: symbol) {
      guard let piece = try await store.stagedPieces.read(token) else { continue }
      if try await !consumption.versions(of: [piece], in: state).isEmpty {
        // The version that took it has what it needs; the descriptor is of no use to anybody.
        if removesConsumed { try await store.stagedPieces.delete([token]) }
        continue
      }
      do {
        try await reachable.mark([piece.content])
      } catch let error as SternaError where error.code == .versionPruned {
        // The attempt of a stager that stopped before it learnt of a collection: its token was never
        // given to anybody, and what is left of it is garbage.
        continue
      }
    }
  }
}
