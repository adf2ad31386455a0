import SternaBase
import VersionStore

/// A snapshot of a library: versions of many symbols under one name, kept until it is deleted.
public struct SnapshotInfo: Hashable, Sendable {
  public let name: String
  public let time: Timestamp
  public let symbolCount: Int
  /// What the user attached.
  public let metadata: JSONValue?

  init(_ description: SnapshotDescription) {
    name = description.name
    time = Timestamp(nanosecondsSinceEpoch: description.time)
    symbolCount = description.symbolCount
    metadata = description.metadata
  }
}
