public import SternaBase
import VersionStore

/// Rows that were staged and wait for a commit.
public struct StagedRows: Hashable, Sendable {
  /// Names the rows, for whoever commits them. Short text without secrets, good in any process.
  public let token: String
  public let symbol: String
  /// When they were staged.
  public let time: Timestamp
  public let rowCount: Int
  /// Bytes of their segments in the store.
  public let byteCount: Int
  /// The first and last index value; nil without an index, and of no rows.
  public let indexRange: ClosedRange<Int64>?
  /// What was given with them.
  public let metadata: JSONValue?

  init(_ piece: StagedPiece, metadata: JSONValue?) {
    self.metadata = metadata
    token = piece.token.text
    symbol = piece.token.symbol.text
    time = Timestamp(nanosecondsSinceEpoch: piece.time)
    rowCount = piece.content.summary.rowCount
    byteCount = piece.content.summary.byteCount
    indexRange = piece.content.summary.keys.map { $0.first...$0.last }
  }
}

/// What staged rows become when they are committed.
public enum StagedMode: String, Hashable, Sendable, CaseIterable {
  /// All there is; earlier versions stay readable.
  case replace
  /// Rows behind those of the latest version.
  case append

  var mode: StagedCommitMode {
    switch self {
    case .replace: .replace
    case .append: .append
    }
  }
}
