import SternaBase
import VersionStore

extension Library {
  /// Keeps the latest versions of symbols under a name: they stay readable as of the snapshot, whatever
  /// becomes of the symbols.
  ///
  /// Each symbol is taken at an instant of its own: a snapshot names versions, it does not stop writers.
  ///
  /// - Parameter symbols: nil for all that there are.
  /// - Throws: `alreadyExists`, `symbolNotFound`, `conflict` when a version was deleted meanwhile,
  ///   `commitStateUnknown`.
  public func snapshot(
    _ name: String, symbols names: [String]? = nil, metadata: JSONValue? = nil
  ) async throws(SternaError) {
    guard let names else {
      return try await reporting { try await symbols.createSnapshot(name, metadata: metadata) }
    }
    let versions = Dictionary(names.map { ($0, AsOf.latest) }, uniquingKeysWith: { first, _ in first })
    try await snapshot(name, versions: versions, metadata: metadata)
  }

  /// Keeps chosen versions under a name.
  public func snapshot(
    _ name: String, versions: [String: AsOf], metadata: JSONValue? = nil
  ) async throws(SternaError) {
    try await reporting {
      try await symbols.createSnapshot(
        name, versions: versions.mapValues(\.selector), metadata: metadata)
    }
  }

  /// All snapshots, sorted by name.
  public func listSnapshots() async throws(SternaError) -> [SnapshotInfo] {
    try await reporting {
      let snapshots = try await symbols.listSnapshots()
      if snapshots.isEmpty { try await symbols.requireLibrary() }
      return snapshots.map { SnapshotInfo($0) }
    }
  }

  /// The versions that a snapshot holds, sorted by symbol.
  /// - Throws: `snapshotNotFound`.
  public func versions(inSnapshot name: String) async throws(SternaError) -> [VersionInfo] {
    try await reporting {
      try await symbols.snapshotMembers(name).map { VersionInfo(symbol: $0.symbol, $0.entry) }
        .sorted { $0.symbol < $1.symbol }
    }
  }

  /// Deletes a snapshot. The space of what only it held is free after the next collection.
  /// - Throws: `snapshotNotFound`, `commitStateUnknown`.
  public func deleteSnapshot(_ name: String) async throws(SternaError) {
    try await reporting { try await symbols.deleteSnapshot(name) }
  }
}
