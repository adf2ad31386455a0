import SternaBase

extension SymbolStore {
  /// Writes a version that is an earlier one again.
  ///
  /// One that the symbol still has is shared whole. One that only a snapshot holds any more, of a deleted
  /// symbol too, is copied: a commit may refer only to what the ref reaches and to its own epoch.
  ///
  /// - Throws: `symbolNotFound`, `versionNotFound`, `versionPruned`, `snapshotNotFound`.
  package func restore(_ symbol: String, _ selector: VersionSelector) async throws -> VersionEntry {
    try await beginningAgain(symbol) {
      let version = try await version(symbol, selector)
      if case .snapshot = selector, try await !isLive(version.entry, in: version.blocks) {
        return try await write(symbol, copyOf: version, as: .restore)
      }
      return try await restore(symbol, version: version.entry.number)
    }
  }
}
