import SternaBase

/// What of a symbol is copied.
package enum CopyScope: Hashable, Sendable {
  case version(VersionSelector)
  /// All live versions, oldest first, each as a version of its own.
  case allVersions
}

extension SymbolStore {
  /// Segments that are copied at once: each is held in memory.
  private static let copyConcurrency = 8

  /// Writes versions of a symbol as new versions of another one, here or in another library or store.
  ///
  /// What the destination has already is neither copied nor written again, so a copy that was interrupted
  /// is completed by another, and a repeated one brings over what is new. Versions get new numbers and
  /// times.
  ///
  /// - Returns: the versions that were written, oldest first.
  /// - Throws: `symbolNotFound`, `versionNotFound`, `versionPruned`, `conflict`, `commitStateUnknown`.
  package func copy(
    _ symbol: String, _ scope: CopyScope = .version(.latest), to destination: SymbolStore,
    as newName: String
  ) async throws -> [VersionEntry] {
    var written: [VersionEntry] = []
    for version in try await versionsToCopy(symbol, scope, to: destination, newName) {
      let entry = try await destination.beginningAgain(newName) {
        try await destination.write(newName, copyOf: version)
      }
      written.append(entry)
    }
    return written
  }

  func write(
    _ symbol: String, copyOf version: StoredVersion, as operation: VersionEntry.Operation = .write
  ) async throws -> VersionEntry {
    let blocks = blocks(of: try name(symbol))
    let builder = CopyBuilder(
      operation: operation, source: version,
      tree: treeExtension(blocks, columnsPerGroup: version.content.columnsPerGroup),
      copyConcurrency: Self.copyConcurrency, concurrency: options.fetchConcurrency)
    return try await commit(builder, blocks, try await base(of: blocks.symbol))
  }

  private func versionsToCopy(
    _ symbol: String, _ scope: CopyScope, to destination: SymbolStore, _ newName: String
  ) async throws -> [StoredVersion] {
    let present = try await destination.origins(of: newName)
    switch scope {
    case .version(let selector):
      let version = try await version(symbol, selector)
      return present.latest.contains(version.entry.commitID) ? [] : [version]
    case .allVersions:
      let live = try await versions(of: symbol).filter(\.isLive)
      let missing = live.prefix { !present.all.contains($0.commitID) }.reversed()
      return missing.compactMap { entry in
        guard let content = entry.content, let name = try? name(symbol) else { return nil }
        return StoredVersion(
          entry: entry, content: content, blocks: blocks(of: name), concurrency: options.fetchConcurrency)
      }
    }
  }

  /// Commit ids of the versions that those of a symbol are copies of.
  private func origins(
    of symbol: String
  ) async throws -> (latest: Set<UniqueID>, all: Set<UniqueID>) {
    let blocks = blocks(of: try name(symbol))
    guard let state = try await refs.read(blocks.symbol).state, !state.isDeleted else { return ([], []) }
    let live = try await HistoryReader(blocks: blocks, concurrency: options.fetchConcurrency)
      .entries(state.liveFrom..<state.nextVersion, of: state).filter(\.isLive)
    return (Set(live.last?.tokens ?? []), Set(live.flatMap(\.tokens)))
  }

  /// Gives a symbol another name: all live versions are copied, then the symbol is deleted.
  ///
  /// Until the deletion, which is one commit, both are there; a rename that was interrupted is completed by
  /// another. A version that is committed meanwhile is copied too. Snapshots keep what they hold under the
  /// old name.
  ///
  /// - Throws: `symbolNotFound`, `alreadyExists` when the new name is another symbol's, `conflict` when
  ///   rows are staged: their tokens, which somebody has, name the symbol.
  package func rename(_ symbol: String, to newName: String) async throws {
    let blocks = blocks(of: try name(symbol))
    let newBlocks = self.blocks(of: try name(newName))
    guard blocks.symbol != newBlocks.symbol else { return }
    while true {
      let state = try await liveRef(of: blocks.symbol)
      try await requireNothingStaged(for: blocks.symbol, in: state)
      try await requireFree(newBlocks, forRenaming: symbol)
      _ = try await copy(symbol, .allVersions, to: self, as: newName)
      let (life, nextVersion) = (state.life, state.nextVersion)
      let after = try await edit(blocks) { now in
        // A version that came meanwhile is copied first.
        guard !now.isDeleted, now.life == life, now.nextVersion == nextVersion else { return nil }
        var next = now.deletingVersions(below: now.nextVersion)
        next.isDeleted = true
        next.life += 1
        return next
      }
      if after.state?.isDeleted != false || after.state?.life != life { return }
    }
  }

  private func requireNothingStaged(for symbol: ObjectName, in state: RefState) async throws {
    let pieces = try await waitingPieces(of: symbol, in: state)
    guard !pieces.isEmpty else { return }
    throw SternaError(
      .conflict, "rows that are staged for symbol '\(symbol.text)' would stay under its old name",
      advice: "Commit them, or give them up, and rename it then.")
  }

  private func requireFree(_ blocks: BlockStore, forRenaming symbol: String) async throws {
    guard let state = try await refs.read(blocks.symbol).state, !state.isDeleted else { return }
    let own = Set(try await versions(of: symbol).filter(\.isLive).map(\.commitID))
    let live = try await HistoryReader(blocks: blocks, concurrency: options.fetchConcurrency)
      .entries(state.liveFrom..<state.nextVersion, of: state).filter(\.isLive)
    guard live.allSatisfy({ !own.isDisjoint(with: $0.tokens) }) else {
      throw SternaError(
        .alreadyExists, "there is a symbol '\(blocks.symbol.text)' already",
        advice: "Choose another name, or delete it first.")
    }
  }
}
