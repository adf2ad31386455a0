import SternaBase

extension SymbolStore {
  /// The versions of a symbol that a policy does not keep, ascending.
  package func versionsToPrune(_ symbol: String, keeping policy: RetentionPolicy) async throws -> [UInt64] {
    let entries = try await versions(of: symbol)
    return policy.numbersToPrune(of: entries.reversed(), now: environment.now())
  }

  /// Deletes the versions that a policy does not keep: one commit, however many they are.
  /// - Returns: the numbers, ascending.
  package func prune(_ symbol: String, keeping policy: RetentionPolicy) async throws -> [UInt64] {
    let blocks = blocks(of: try name(symbol))
    let (history, now) = (
      HistoryReader(blocks: blocks, concurrency: options.fetchConcurrency), environment.now()
    )
    var pruned: Set<UInt64> = []
    try await edit(blocks) { state in
      let live = try await history.entries(state.liveFrom..<state.nextVersion, of: state)
      let numbers = policy.numbersToPrune(of: live, now: now)
      guard !numbers.isEmpty else { return nil }
      pruned.formUnion(numbers)
      // What lies before all that is kept goes without touching the history.
      let doomed = Set(numbers)
      let firstKept = live.first { $0.isLive && !doomed.contains($0.number) }?.number ?? state.nextVersion
      let next = state.deletingVersions(below: firstKept)
      let others = doomed.filter { $0 >= firstKept }
      guard !others.isEmpty else { return next }
      return try await VersionDeletion(blocks: blocks, concurrency: options.fetchConcurrency)
        .deleting(others, from: next) ?? next
    }
    return pruned.sorted()
  }
}
