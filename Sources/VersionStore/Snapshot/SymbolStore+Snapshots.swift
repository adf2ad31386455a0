import Columnar
import ObjectStore
import SternaBase

/// A snapshot as a list shows it.
package struct SnapshotDescription: Sendable {
  package let name: String
  package let time: Int64
  package let symbolCount: Int
  package let metadata: JSONValue?
  package let phase: SnapshotStamp.Phase
}

extension SymbolStore {
  var snapshots: SnapshotStore { SnapshotStore(store: store) }

  /// Makes a snapshot of the given versions, one per symbol.
  ///
  /// A snapshot of that name whose creator stopped in the middle is completed, and exists then. Where it is
  /// what was asked for here, too, the error says so: such is the retry of a process that died.
  ///
  /// - Throws: `alreadyExists`, `symbolNotFound`, `versionNotFound`, `versionPruned`, `conflict` when a
  ///   version was deleted meanwhile, `commitStateUnknown`.
  package func createSnapshot(
    _ name: String, versions: [String: VersionSelector], metadata: JSONValue? = nil
  ) async throws {
    let wanted = versions.sorted { $0.key < $1.key }
    try await createSnapshot(name) {
      let members = try await mapConcurrently(wanted, limit: options.fetchConcurrency) { symbol, selector in
        SnapshotMember(symbol: symbol, entry: try await holdableEntry(symbol, selector))
      }
      return SnapshotContents(time: environment.now(), metadata: metadata, members: members)
    }
  }

  /// Makes a snapshot of the latest versions of all symbols that there are.
  package func createSnapshot(_ name: String, metadata: JSONValue? = nil) async throws {
    try await createSnapshot(name) {
      let members = try await mapConcurrently(try await symbols(), limit: options.fetchConcurrency) {
        symbol -> SnapshotMember? in
        do {
          return .some(SnapshotMember(symbol: symbol, entry: try await holdableEntry(symbol, .latest)))
        } catch let error as SternaError where [.symbolNotFound, .versionNotFound].contains(error.code) {
          // Deleted since it was listed, or nothing of it is left.
          return nil
        }
      }
      return SnapshotContents(
        time: environment.now(), metadata: metadata, members: members.compactMap { $0 })
    }
  }

  /// Deletes a snapshot, also one that its creator never completed.
  /// - Throws: `snapshotNotFound`, `commitStateUnknown`.
  package func deleteSnapshot(_ name: String) async throws {
    _ = try await snapshotLoop(name).run(.delete)
  }

  /// Decides a pending snapshot whose creator may be gone: live when all its versions are, else gone.
  package func settleSnapshot(_ name: String) async throws -> SnapshotStamp? {
    try await snapshotLoop(name).run(.settle).stamp
  }

  /// All snapshots that are live, sorted by name; with `phases`, also others.
  package func listSnapshots(
    phases: Set<SnapshotStamp.Phase> = [.live]
  ) async throws -> [SnapshotDescription] {
    let keys = try await snapshots.keys()
    let found = try await mapConcurrently(keys, limit: options.fetchConcurrency) { key in
      try await describe(key: key)
    }
    return found.compactMap { $0 }.filter { phases.contains($0.phase) }.sorted { $0.name < $1.name }
  }

  private func describe(key: String) async throws -> SnapshotDescription? {
    while let opened = try await snapshots.open(key: key) {
      guard let metadata = try await snapshots.metadata(of: opened) else { continue }
      return SnapshotDescription(
        name: opened.name.text, time: opened.head.time, symbolCount: opened.head.memberCount,
        metadata: metadata, phase: opened.head.stamp.phase)
    }
    return nil
  }

  /// The members of a live snapshot.
  /// - Throws: `snapshotNotFound`.
  package func snapshotMembers(_ name: String) async throws -> [SnapshotMember] {
    while true {
      let opened = try await liveSnapshot(name)
      if let members = try await snapshots.members(of: opened) { return members }
    }
  }
}

// MARK: - Reading

extension SymbolStore {
  /// The version of a symbol that a snapshot holds: the first bytes of the snapshot, and one page of a
  /// large one. The symbol's ref is not asked.
  func version(of blocks: BlockStore, inSnapshot name: String) async throws -> StoredVersion {
    let symbol = blocks.symbol.text
    while true {
      let opened = try await liveSnapshot(name)
      guard let members = try await snapshots.members(of: opened, onPagesOf: [symbol]) else { continue }
      guard let member = members.first(where: { $0.symbol.utf8.elementsEqual(symbol.utf8) }),
        let content = member.entry.content
      else {
        throw SternaError(
          .symbolNotFound, "snapshot '\(name)' has no symbol '\(symbol)'",
          advice: "Symbols that it holds: \(opened.head.memberCount).", key: opened.key)
      }
      return StoredVersion(
        entry: member.entry, content: content, blocks: blocks, concurrency: options.fetchConcurrency)
    }
  }

  private func liveSnapshot(_ name: String) async throws -> SnapshotStore.Opened {
    let name = try ObjectName(name, subject: "snapshot")
    if let opened = try await snapshots.open(name), opened.head.stamp.phase == .live { return opened }
    try await requireLibrary()
    throw SternaError(
      .snapshotNotFound, "there is no snapshot '\(name.text)'",
      advice: "List the snapshots of the library.")
  }
}

// MARK: - Creating

extension SymbolStore {
  private func createSnapshot(
    _ name: String, gather: @escaping @Sendable () async throws -> SnapshotContents
  ) async throws {
    try await requireLibrary()
    _ = try await snapshotLoop(name, gather: gather).run(.create(environment.makeUniqueID()))
  }

  func snapshotLoop(
    _ name: String,
    gather: @escaping @Sendable () async throws -> SnapshotContents = { SnapshotContents(time: 0) }
  ) throws(SternaError) -> SnapshotLoop {
    SnapshotLoop(
      name: try ObjectName(name, subject: "snapshot"), snapshots: snapshots, environment: environment,
      gather: gather, areAllLive: { try await areAllLive($0) })
  }

  private func areAllLive(_ members: [SnapshotMember]) async throws -> Bool {
    let verdicts = try await mapConcurrently(members, limit: options.fetchConcurrency) {
      try await isLive($0.entry, in: blocks(of: try ObjectName($0.symbol, subject: "symbol")))
    }
    return verdicts.allSatisfy { $0 }
  }

  /// Whether the ref, read now, still has a snapshot's version, resting on the very blocks of then.
  func isLive(_ held: VersionEntry, in blocks: BlockStore) async throws -> Bool {
    guard let state = try await refs.read(blocks.symbol).state, !state.isDeleted else { return false }
    let history = HistoryReader(blocks: blocks, concurrency: options.fetchConcurrency)
    guard let entry = try await history.entry(held.number, of: state) else { return false }
    guard let content = entry.content, let copy = held.content else { return false }
    return entry.commitID == held.commitID && content.protects(copy)
  }
}
