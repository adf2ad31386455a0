import VersionStore

/// One version of a symbol.
public struct VersionInfo: Hashable, Sendable {
  public let symbol: String
  /// From 0, dense, never reused.
  public let version: Int
  /// When it was committed.
  public let time: Timestamp
  public let rowCount: Int
  /// Bytes of its segments in the store; versions that share segments each count them.
  public let byteCount: Int
  /// Number of row slices.
  public let sliceCount: Int
  /// How it was made: `write` or `append`.
  public let operation: String
  /// True when its data was deleted and only the number is kept.
  public let isDeleted: Bool

  init(symbol: String, _ entry: VersionEntry) {
    self.symbol = symbol
    version = Int(entry.number)
    time = Timestamp(nanosecondsSinceEpoch: entry.time)
    rowCount = entry.content?.summary.rowCount ?? 0
    byteCount = entry.content?.summary.byteCount ?? 0
    sliceCount = entry.content?.summary.sliceCount ?? 0
    operation = String(describing: entry.operation)
    isDeleted = !entry.isLive
  }
}
