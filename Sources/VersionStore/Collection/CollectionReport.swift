import SternaBase

/// What a collection found and did.
package struct CollectionReport: Sendable {
  /// Symbols that were looked at.
  package var symbolCount = 0
  /// Blocks that something leads to, and blocks that may belong to a commit on its way.
  package var keptBlockCount = 0
  package var keptByteCount = 0
  /// Blocks that were deleted; of a dry run, those that would be.
  package var deletedBlockCount = 0
  package var deletedByteCount = 0
  /// Pending snapshots that were withdrawn, as a version that they name is gone.
  package var withdrawnSnapshots: [String] = []
  /// Symbols whose collection was given up, with the reason. Nothing of them was deleted on a doubt.
  package var failures: [Failure] = []
  /// Where a collection of the library that was interrupted goes on; nil when it reached the end.
  package var resumeAfter: String?

  package struct Failure: Sendable {
    package var symbol: String
    package var error: SternaError
  }

  package init() {}

  mutating func add(_ other: CollectionReport) {
    symbolCount += other.symbolCount
    keptBlockCount += other.keptBlockCount
    keptByteCount += other.keptByteCount
    deletedBlockCount += other.deletedBlockCount
    deletedByteCount += other.deletedByteCount
    withdrawnSnapshots += other.withdrawnSnapshots.filter { !withdrawnSnapshots.contains($0) }
    failures += other.failures
  }
}
