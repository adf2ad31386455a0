import SternaBase

/// Takes the content out of single versions, wherever their entries are.
struct VersionDeletion: Sendable {
  let blocks: BlockStore
  let concurrency: Int

  /// The state without the content of these versions, with the blocks of its history uploaded; nil when
  /// none of them has any.
  func deleting(_ numbers: Set<UInt64>, from state: RefState) async throws -> RefState? {
    var next = state
    var changed = false
    for position in next.recent.indices where numbers.contains(next.recent[position].number) {
      changed = changed || next.recent[position].isLive
      next.recent[position].content = nil
    }
    let old = numbers.filter {
      $0 >= state.liveFrom && $0 < state.recent.first?.number ?? state.nextVersion
    }
    for number in old.sorted() {
      changed = try await delete(number, fromHistoryOf: &next) || changed
    }
    return changed ? next : nil
  }

  private func delete(_ number: UInt64, fromHistoryOf state: inout RefState) async throws -> Bool {
    var changed = false
    let edited = try await TreeEditor<HistoryContent>(blocks: blocks, concurrency: concurrency).edit(
      state.history, epoch: state.epoch,
      holdsRun: { $0.firstNumber <= number && number <= $0.lastNumber },
      isBefore: { $0.firstNumber <= number }
    ) { entries in
      entries.map { entry in
        guard entry.number == number, entry.isLive else { return entry }
        changed = true
        var dead = entry
        dead.content = nil
        return dead
      }
    }
    guard changed else { return false }
    try await blocks.put(edited.pending.blocks, concurrency: concurrency)
    state.history = edited.root
    return true
  }
}
