import SternaBase

/// Moves the older half of the recent versions to the history tree when the ref grows too large.
///
/// Moving half at a time makes the price of a move, one or two small blocks, a fraction of a request per
/// commit. A version whose tail is large takes it along as a block.
struct HistorySpill: Sendable {
  let blocks: BlockStore
  let tailFlush: TailFlush
  let limits: HistoryLimits
  let concurrency: Int

  func spillIfNeeded(_ state: inout RefState) async throws {
    while state.recent.count > 1, limits.areExceeded(by: state) {
      var moved = Array(state.recent.prefix(state.recent.count / 2))
      try await tailFlush.flushLarge(&moved, epoch: state.epoch)
      let edge = try await TreeReader<HistoryContent>(blocks: blocks, concurrency: concurrency)
        .rightEdge(of: state.history)
      var appender = TreeAppender<HistoryContent>(epoch: state.epoch)
      state.history = appender.append(moved, to: edge)
      state.recent.removeFirst(moved.count)
      try await blocks.put(appender.pending.blocks, concurrency: concurrency)
    }
  }
}

/// How much a ref keeps.
package struct HistoryLimits: Hashable, Sendable {
  /// Versions in the ref at most. An entry has some 40 bytes where tree and tail are shared.
  package var entryCountMax: Int
  /// Bytes of the entries, without the newest version's tail.
  package var byteCountMax: Int

  package init(entryCountMax: Int = 256, byteCountMax: Int = 48 << 10) {
    self.entryCountMax = entryCountMax
    self.byteCountMax = byteCountMax
  }

  func areExceeded(by state: RefState) -> Bool {
    if state.recent.count > entryCountMax { return true }
    var writer = ByteWriter()
    VersionEntryCoding.write(state.recent, to: &writer)
    let newest = state.recent.last { $0.isLive }?.content?.tail?.tail.inlineBytes?.count ?? 0
    return writer.count - newest > byteCountMax
  }
}
