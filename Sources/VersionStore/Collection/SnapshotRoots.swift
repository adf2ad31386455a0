import ObjectStore
import SternaBase

/// What the snapshots of a library hold of some symbols, for a collector.
///
/// Read after the refs of those symbols: a snapshot that is confirmed later has found its versions live
/// later, so either the ref that was read has them, or the snapshot was pending and is found here.
struct SnapshotRoots: Sendable {
  let store: SymbolStore
  /// The state of each symbol's ref that the collection goes by, by encoded name: text compares equal for
  /// names that are two to a bucket.
  let states: [String: RefState]
  /// Whether pending snapshots whose version is gone are withdrawn; a dry run writes nothing.
  let withdraws: Bool

  struct Found: Sendable {
    var contents: [String: [VersionContent]] = [:]
    var withdrawn: [String] = []
  }

  private var snapshots: SnapshotStore { store.snapshots }

  func find() async throws -> Found {
    let found = try await mapConcurrently(
      try await snapshots.keys(), limit: store.options.fetchConcurrency
    ) { try await roots(of: $0) }
    return found.reduce(into: Found()) { all, one in
      all.contents.merge(one.contents) { $0 + $1 }
      all.withdrawn += one.withdrawn
    }
  }

  /// What one snapshot holds. One that was listed but is not there any more is no root.
  private func roots(of key: String) async throws -> Found {
    var found = Found()
    while let opened = try await snapshots.open(key: key), opened.head.stamp.phase != .gone {
      guard let members = try await snapshots.members(of: opened, onPagesOf: states.values.map(\.symbol))
      else { continue }
      let concerned = try members.map { member throws(SternaError) in
        (name: try ObjectName(member.symbol, subject: "symbol"), entry: member.entry)
      }.filter { states[$0.name.encoded] != nil }
      if opened.head.stamp.phase == .pending, try await hasMissing(concerned) {
        guard withdraws else { break }
        // Then read again: it is gone, or somebody else decided it first.
        if try await withdraw(opened) { found.withdrawn.append(opened.name.text) }
        continue
      }
      for case let (name, content?) in concerned.map({ ($0.name, $0.entry.content) }) {
        found.contents[name.encoded, default: []].append(content)
      }
      break
    }
    return found
  }

  /// Whether a version of a pending snapshot is gone from the ref that was read. Its blocks may be gone
  /// too, so that it can be neither marked nor left to become live.
  private func hasMissing(_ members: [(name: ObjectName, entry: VersionEntry)]) async throws -> Bool {
    for (name, wanted) in members {
      guard let state = states[name.encoded], !state.isDeleted else { return true }
      let history = HistoryReader(
        blocks: store.blocks(of: name), concurrency: store.options.fetchConcurrency)
      let entry = try await history.entry(wanted.number, of: state)
      guard let entry, let content = entry.content, let copy = wanted.content,
        entry.commitID == wanted.commitID, content.protects(copy)
      else { return true }
    }
    return false
  }

  /// - Returns: false when somebody else was faster.
  private func withdraw(_ opened: SnapshotStore.Opened) async throws -> Bool {
    let stamp = SnapshotStamp(
      phase: .gone, creationID: opened.head.stamp.creationID, writeID: store.environment.makeUniqueID())
    let bytes = try SnapshotHead.encode(
      SnapshotContents(time: opened.head.time), name: opened.name.text, stamp: stamp)
    do {
      _ = try await snapshots.write(bytes, name: opened.name, replacing: opened.seen)
      return true
    } catch let error as SternaError where error.code == .preconditionFailed {
      return false
    }
  }
}
