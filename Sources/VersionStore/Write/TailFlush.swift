import Columnar
import SternaBase

/// Uploads inline tails as segments, and gives the versions that use them the blocks.
///
/// Which rows a version has does not change: it used the first rows of the bytes that are now a block. The
/// blocks are uploaded under the epoch of the state that the commit is derived from, like all others.
struct TailFlush: Sendable {
  let blocks: BlockStore
  let limits: TailLimits
  let concurrency: Int

  /// Flushes what the newest version has left behind.
  func flushIdle(_ state: inout RefState) async throws {
    try await flush(state.idleTails(limits), epoch: state.epoch, of: &state.recent)
  }

  /// Flushes the large inline tails that some entries use, for these entries.
  func flushLarge(_ entries: inout [VersionEntry], epoch: UInt64) async throws {
    var tails = ValueTable<Tail>()
    for case let use? in entries.map({ $0.content?.tail }) where limits.mustBecomeBlock(use.tail) {
      _ = tails.position(of: use.tail)
    }
    try await flush(tails.values, epoch: epoch, of: &entries)
  }

  func flush(_ tails: [Tail], epoch: UInt64, of entries: inout [VersionEntry]) async throws {
    var pending = PendingBlocks(epoch: epoch)
    for tail in tails {
      guard let bytes = tail.inlineBytes else { continue }
      entries.replaceTail(tail, byBlock: pending.add(.segment, bytes))
    }
    try await blocks.put(pending.blocks, concurrency: concurrency)
  }
}
