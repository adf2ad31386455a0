import SternaBase

/// Moves the older half of the recent versions to the history tree when the ref grows too large.
///
/// Moving half at a time makes the price of a move, one or two small blocks, a fraction of a request per
/// commit.
struct HistorySpill: Sendable {
  let blocks: BlockStore
  let concurrency: Int

  /// Versions kept in the ref at most.
  static let entryCountMax = 32
  /// Bytes of a ref above which versions move out; its design target is 64 KiB.
  static let byteCountMax = 48 << 10

  func spillIfNeeded(_ state: inout RefState) async throws {
    while state.recent.count > 1,
      state.recent.count > Self.entryCountMax || state.encode().count > Self.byteCountMax
    {
      let moved = Array(state.recent.prefix(state.recent.count / 2))
      let edge = try await TreeReader<HistoryContent>(blocks: blocks, concurrency: concurrency)
        .rightEdge(of: state.history)
      var appender = TreeAppender<HistoryContent>(epoch: state.epoch)
      state.history = appender.append(moved, to: edge)
      state.recent.removeFirst(moved.count)
      try await blocks.put(appender.pending.blocks, concurrency: concurrency)
    }
  }
}
