import Columnar
import VersionStore

/// What a symbol looks like, without its data.
public struct SymbolDescription: Sendable {
  public let version: VersionInfo
  public let schema: Schema
  /// First and last value of the index, as they stand in its column; nil without an index or rows.
  public let indexRange: ClosedRange<Int64>?
  public let metadata: JSONValue?
}

/// What a read returned.
public struct ReadResult: Sendable {
  public let frame: DataFrame
  public let version: VersionInfo
  public let metadata: JSONValue?
}
