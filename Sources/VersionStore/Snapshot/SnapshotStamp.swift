import ObjectStore
import SternaBase

/// Where a snapshot is in its life, and whose it is: the part of the object that decisions are made on.
///
///     (absent) -> pending -> live -> gone
///                    |                ^ |
///                    +----------------+ +-> pending, of the next creation
///
/// - Invariant: every write of the object draws a fresh `writeID`, so its bytes, and with them its ETag,
///   never recur; and the object is never physically deleted. So a request that comes late names a tag that
///   is gone for ever.
package struct SnapshotStamp: Hashable, Sendable {
  package enum Phase: UInt8, Sendable {
    /// Protects what it names from the collector; nobody reads it yet.
    case pending = 1
    case live = 2
    /// Deleted, or withdrawn: what is left of a snapshot.
    case gone = 3
  }

  package var phase: Phase
  /// Names the creation, and stays the same through its phases.
  package var creationID: UniqueID
  package var writeID: UniqueID
  /// For one that is gone: whether it ever was live. Tells a creator whose answers were lost whether its
  /// snapshot was deleted after it had succeeded, or was withdrawn.
  package var wasLive: Bool

  package init(phase: Phase, creationID: UniqueID, writeID: UniqueID, wasLive: Bool = false) {
    self.phase = phase
    self.creationID = creationID
    self.writeID = writeID
    self.wasLive = wasLive || phase == .live
  }
}

/// A snapshot's stamp as it stands in the store; nil twice when there is no object.
package struct SeenSnapshot: Hashable, Sendable {
  package var stamp: SnapshotStamp?
  /// What a conditional put on this state must name.
  package var tag: ETag?

  package static let absent = SeenSnapshot(stamp: nil, tag: nil)

  package init(stamp: SnapshotStamp?, tag: ETag?) {
    self.stamp = stamp
    self.tag = tag
  }
}
