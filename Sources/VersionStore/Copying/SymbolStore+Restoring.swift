import SternaBase

extension SymbolStore {
  /// Writes a version that is an earlier one again.
  ///
  /// One that the symbol still has is shared whole. One that only a snapshot holds any more, of a deleted
  /// symbol too, is copied: a commit may refer only to what the ref reaches and to its own epoch.
  ///
  /// - Throws: `symbolNotFound`, `versionNotFound`, `versionPruned`, `snapshotNotFound`.
  package func restore(_ symbol: String, _ selector: VersionSelector) async throws -> VersionEntry {
    guard case .snapshot = selector else { return try await reuse(symbol, .restore, selector) }
    return try await beginningAgain(symbol) {
      let held = try await version(symbol, selector)
      guard try await isLive(held.entry, in: held.blocks) else {
        return try await write(symbol, copyOf: held, as: .restore)
      }
      return try await reuse(symbol, .restore, .number(Int64(clamping: held.entry.number)))
    }
  }
}
