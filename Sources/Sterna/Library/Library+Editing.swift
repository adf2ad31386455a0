import Columnar
import SternaBase
import VersionStore

// MARK: - New versions from old ones

extension Library {
  /// Writes a version in which the rows between the frame's first and last index value gave way to the
  /// frame's.
  ///
  /// Only the slices that the range touches are rewritten.
  ///
  /// - Parameters:
  ///   - time: replaces all rows of this closed range instead; the frame's rows must lie in it.
  ///   - createSymbol: whether a symbol that does not exist begins with the frame.
  /// - Throws: `symbolNotFound`, `schemaMismatch`, `unsortedIndex`, `invalidArgument`, `conflict`.
  @discardableResult
  public func update(
    _ symbol: String, _ frame: DataFrame, time: ClosedRange<Timestamp>? = nil, createSymbol: Bool = false,
    metadata: JSONValue? = nil
  ) async throws(SternaError) -> VersionInfo {
    try await reporting {
      let range = try time.map { try Self.keys(in: $0, of: frame.schema.indexField) }
      return VersionInfo(
        symbol: symbol,
        options.dynamicSchema
          ? try await symbols.updateWidening(
            symbol, frame, range: range, createsSymbol: createSymbol, metadata: metadata)
          : try await symbols.update(
            symbol, frame, range: range, createsSymbol: createSymbol, metadata: metadata))
    }
  }

  /// Writes a version without the rows whose index value lies in a closed range.
  @discardableResult
  public func deleteRows(
    of symbol: String, time: ClosedRange<Timestamp>, metadata: JSONValue? = nil
  ) async throws(SternaError) -> VersionInfo {
    try await reporting {
      let schema = try await symbols.version(symbol).schema()
      let range = try Self.keys(in: time, of: schema.indexField)
      return VersionInfo(
        symbol: symbol, try await symbols.deleteRows(symbol, range, metadata: metadata))
    }
  }

  /// Writes a version with the latest one's data and other metadata.
  @discardableResult
  public func writeMetadata(
    _ symbol: String, _ metadata: JSONValue
  ) async throws(SternaError) -> VersionInfo {
    try await reporting { VersionInfo(symbol: symbol, try await symbols.writeMetadata(symbol, metadata)) }
  }

  /// Writes a version that is an earlier one again, metadata included.
  ///
  /// It shares all data with a version that the symbol still has. One that only a snapshot holds is copied,
  /// within the store; so a deleted symbol comes back.
  ///
  ///     try await library.restore("SPY", asOf: .snapshot("month-end"))
  ///
  /// - Throws: `symbolNotFound`, `versionNotFound`, `versionPruned`, `snapshotNotFound`.
  @discardableResult
  public func restore(_ symbol: String, asOf: AsOf) async throws(SternaError) -> VersionInfo {
    try await reporting { VersionInfo(symbol: symbol, try await symbols.restore(symbol, asOf.selector)) }
  }

  /// The index values in a range of instants.
  private static func keys(
    in time: ClosedRange<Timestamp>, of index: Field?
  ) throws(SternaError) -> ClosedRange<Int64> {
    guard let index else {
      throw SternaError(
        .invalidArgument, "the symbol has no index, so rows cannot be chosen by time",
        advice: "Write it with an index of instants or days.")
    }
    guard let keys = Timestamp.indexRange(time, of: index.type) else {
      throw SternaError(
        .invalidArgument,
        "no value of the symbol's index can lie in \(time.lowerBound)...\(time.upperBound)",
        advice: "Give a range of at least one unit of an index of instants or days.")
    }
    return keys
  }

  private static func number(_ version: Int) throws(SternaError) -> UInt64 {
    guard let number = UInt64(exactly: version) else {
      throw SternaError(
        .versionNotFound, "there is no version \(version)", advice: "Versions count from 0.")
    }
    return number
  }
}

// MARK: - Deleting

extension Library {
  /// Deletes versions; their numbers stay given, their data goes with the next garbage collection.
  /// - Throws: `symbolNotFound`, `versionNotFound`.
  public func deleteVersions(_ versions: [Int], of symbol: String) async throws(SternaError) {
    try await reporting {
      try await symbols.deleteVersions(symbol, Set(try versions.map { try Self.number($0) }))
    }
  }

  /// Deletes all versions but the newest ones.
  public func prune(_ symbol: String, keepingLatest count: Int = 1) async throws(SternaError) {
    try await reporting { try await symbols.prune(symbol, keepingLatest: count) }
  }

  /// Deletes a symbol with all its versions. Written again, it goes on with the next version number.
  /// - Throws: `symbolNotFound`.
  public func deleteSymbol(_ symbol: String) async throws(SternaError) {
    try await reporting { try await symbols.deleteSymbol(symbol) }
  }
}
