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
    for run in Self.runs(of: old.sorted()) {
      changed = try await delete(run, fromHistoryOf: &next) || changed
    }
    return changed ? next : nil
  }

  /// Numbers that are so close to one another that they share leaves, mostly, are deleted in one edit.
  private static func runs(of numbers: [UInt64]) -> [Set<UInt64>] {
    var runs: [[UInt64]] = []
    for number in numbers {
      if let last = runs.last?.last, number - last <= UInt64(HistoryContent.shape.leafCountMax) {
        runs[runs.count - 1].append(number)
      } else {
        runs.append([number])
      }
    }
    return runs.map { Set($0) }
  }

  private func delete(_ run: Set<UInt64>, fromHistoryOf state: inout RefState) async throws -> Bool {
    guard let first = run.min(), let last = run.max() else { return false }
    var changed = false
    let edited = try await TreeEditor<HistoryContent>(blocks: blocks, concurrency: concurrency).edit(
      state.history, epoch: state.epoch,
      holdsRun: { $0.firstNumber <= last && first <= $0.lastNumber },
      isBefore: { $0.firstNumber <= first }
    ) { entries in
      entries.map { entry in
        guard run.contains(entry.number), entry.isLive else { return entry }
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
