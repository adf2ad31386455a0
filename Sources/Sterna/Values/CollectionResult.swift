import SternaBase
import VersionStore

/// What a garbage collection found and did.
public struct CollectionResult: Sendable {
  public struct Failure: Sendable {
    public let symbol: String
    public let error: SternaError
  }

  /// Symbols that were looked at.
  public let symbolCount: Int
  /// Blocks that something leads to.
  public let keptBlockCount: Int
  public let keptByteCount: Int
  /// Blocks that were deleted; of a dry run, those that would be.
  public let deletedBlockCount: Int
  public let deletedByteCount: Int
  /// Snapshots that were never completed and name a version that is gone: they were given up.
  public let withdrawnSnapshots: [String]
  /// Symbols whose collection was given up. Nothing of them was deleted on a doubt.
  public let failures: [Failure]
  /// Where an interrupted collection of the library goes on; nil at the end.
  public let resumeAfter: String?

  init(_ report: CollectionReport) {
    symbolCount = report.symbolCount
    keptBlockCount = report.keptBlockCount
    keptByteCount = report.keptByteCount
    deletedBlockCount = report.deletedBlockCount
    deletedByteCount = report.deletedByteCount
    withdrawnSnapshots = report.withdrawnSnapshots
    failures = report.failures.map { Failure(symbol: $0.symbol, error: $0.error) }
    resumeAfter = report.resumeAfter
  }
}
