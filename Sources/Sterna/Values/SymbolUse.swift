import VersionStore

/// What a symbol takes up in the store: all versions, what snapshots hold of it, what is staged, and
/// garbage.
public struct SymbolUse: Hashable, Sendable {
  /// The symbol; a name that is too long for a key as it stands there.
  public let symbol: String
  public let objectCount: Int
  public let byteCount: Int
  /// Rows of data.
  public let segmentByteCount: Int
  public let indexByteCount: Int
  /// Older versions, the ref, metadata, descriptors of what is staged.
  public let otherByteCount: Int

  init(_ use: StorageUse) {
    symbol = use.symbol
    objectCount = use.objectCount
    byteCount = use.byteCount
    segmentByteCount = use.byteCounts[.segment] ?? 0
    indexByteCount = use.byteCounts[.node] ?? 0
    otherByteCount = byteCount - segmentByteCount - indexByteCount
  }
}
