import SternaBase

/// Finds versions, in the ref where they are recent and in the history tree where they are old: O(log n)
/// requests.
struct HistoryReader: Sendable {
  let blocks: BlockStore
  let concurrency: Int

  private var tree: TreeReader<HistoryContent> { TreeReader(blocks: blocks, concurrency: concurrency) }

  /// The entry of a version, live or deleted; nil when the number was never given.
  func entry(_ number: UInt64, of state: RefState) async throws -> VersionEntry? {
    if let entry = state.recentEntry(number) { return entry }
    return try await tree.lastLeaf(of: state.history) { $0.firstNumber <= number }?
      .first { $0.number == number }.map(state.judged)
  }

  /// The newest live version that was committed at `time` or before.
  func latestLive(atOrBefore time: Int64, of state: RefState) async throws -> VersionEntry? {
    try await latestLive(below: state.nextVersion, atOrBefore: time, of: state)
  }

  /// What the newest live version consists of: what an append or update builds on. Nil when there is none.
  func latestContent(of state: RefState?) async throws -> VersionContent? {
    guard let state, !state.isDeleted else { return nil }
    return try await latestLive(below: state.nextVersion, of: state)?.content
  }

  /// The newest live version with a number below `bound`.
  func latestLive(
    below bound: UInt64, atOrBefore time: Int64 = .max, of state: RefState
  ) async throws -> VersionEntry? {
    func isWanted(_ entry: VersionEntry) -> Bool {
      entry.number < bound && entry.time <= time && entry.isLive
    }
    if let entry = state.recent.last(where: isWanted) { return entry }
    // A leaf may hold nothing but deleted versions: then the one before it is next.
    var upper = min(bound, state.recent.first?.number ?? state.nextVersion)
    while upper > state.liveFrom {
      let limit = upper
      let leaf = try await tree.lastLeaf(of: state.history) {
        $0.firstTime <= time && $0.firstNumber < limit
      }
      guard let leaf, let first = leaf.first else { return nil }
      // Falling bounds make the search end, whatever the bytes say.
      guard first.number < limit else {
        throw SternaError(.corrupt, "a history node has other versions than its parent says")
      }
      if let live = leaf.map(state.judged).last(where: isWanted) { return live }
      upper = first.number
    }
    return nil
  }

  /// Entries with numbers in `range`, oldest first.
  func entries(_ range: Range<UInt64>, of state: RefState) async throws -> [VersionEntry] {
    let leaves = try await tree.leaves(of: state.history) { summary, _ in
      summary.firstNumber < range.upperBound && summary.lastNumber >= range.lowerBound
    }
    return (leaves.flatMap(\.leaf).map(state.judged) + state.recent).filter { range.contains($0.number) }
  }
}
