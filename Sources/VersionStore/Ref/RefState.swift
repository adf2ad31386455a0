import SternaBase

/// Everything that is mutable about a symbol: one object, replaced by compare-and-swap.
///
///     envelope   symbol   write id   epoch   life   next version   live from
///     history root   recent entries (schemas, trees and tails shared)   padding   SHA-256
///
/// - Invariant: `recent` holds consecutive version numbers ending at `nextVersion - 1`; all older ones are
///   in the history tree. Every write of the object, of whatever kind, has a fresh `writeID`, so its bytes,
///   and with them its ETag, never recur.
/// - A ref is never physically deleted. A deleted symbol's has an odd number of bytes and a live one's an
///   even number, so that a LIST, which tells sizes, tells which symbols exist.
package struct RefState: Hashable, Sendable {
  package var symbol: String
  package var writeID: UniqueID
  /// The collection epoch: blocks are uploaded under it, and it rises with each garbage collection.
  package var epoch: UInt64
  /// Counts deletions of the whole symbol; a deletion names the life that it ends.
  package var life: UInt64
  package var isDeleted: Bool
  package var nextVersion: UInt64
  /// Versions below this number are deleted, whatever their entries in the history say: it makes deleting a
  /// symbol, or all but its newest versions, a matter of one request however long its history is.
  package var liveFrom: UInt64
  package var history: TreeRoot
  package var recent: [VersionEntry]

  package init(
    symbol: String, writeID: UniqueID, epoch: UInt64 = 0, life: UInt64 = 0, isDeleted: Bool = false,
    nextVersion: UInt64 = 0, liveFrom: UInt64 = 0, history: TreeRoot = .empty, recent: [VersionEntry] = []
  ) {
    self.symbol = symbol
    self.writeID = writeID
    self.epoch = epoch
    self.life = life
    self.isDeleted = isDeleted
    self.nextVersion = nextVersion
    self.liveFrom = liveFrom
    self.history = history
    self.recent = recent
  }

  /// An entry by its number, among the recent ones.
  package func recentEntry(_ number: UInt64) -> VersionEntry? {
    guard let first = recent.first, number >= first.number, number < nextVersion else { return nil }
    return recent[Int(number - first.number)]
  }

  /// An entry of the history as this state sees it: without content where it is no longer live.
  package func judged(_ entry: VersionEntry) -> VersionEntry {
    guard entry.number < liveFrom else { return entry }
    var dead = entry
    dead.content = nil
    return dead
  }

  /// The state in which all versions below a number are deleted.
  package func deletingVersions(below number: UInt64) -> RefState {
    var next = self
    next.liveFrom = max(liveFrom, min(number, nextVersion))
    next.recent = recent.map(next.judged)
    return next
  }

  /// The state with one more version.
  /// - Parameter continued: the tail rows with which the version's tail begins, if it grew out of one.
  package func appending(
    _ entry: VersionEntry, continuing continued: TailUse? = nil, writeID: UniqueID
  ) -> RefState {
    assert(entry.number == nextVersion)
    var next = self
    if let continued, let tail = entry.content?.tail { next.replaceTail(continued, by: tail.tail) }
    next.writeID = writeID
    next.isDeleted = false
    next.nextVersion += 1
    next.recent.append(entry)
    return next
  }

  /// The time for a new version: now, unless a writer with a faster clock has been here.
  package func nextTime(now: Int64) -> Int64 { max(now, (recent.last?.time ?? Int64.min) &+ 1) }
}
