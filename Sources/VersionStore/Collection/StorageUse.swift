import Columnar
import ObjectStore
import SternaBase

/// What a symbol's objects take up in the store, live or not.
package struct StorageUse: Hashable, Sendable {
  /// The symbol's name; of a shortened one, as it stands in keys.
  package var symbol: String
  package var objectCount = 0
  package var refByteCount = 0
  package var byteCounts: [BlockKind: Int] = [:]
  package var stagedByteCount = 0

  package var byteCount: Int { byteCounts.values.reduce(refByteCount + stagedByteCount, +) }
}

extension SymbolStore {
  private static let shardListConcurrency = 16

  /// What the objects of each symbol take up, sorted by name, and the bytes of all snapshots. From listings
  /// alone: no object is read.
  package func storageUse() async throws -> (symbols: [StorageUse], snapshotByteCount: Int) {
    let shards = try await SymbolFolders(store: store).shards(atOrAfter: nil).flatMap { $0 }
    let found = try await mapConcurrently(shards, limit: Self.shardListConcurrency) { shard in
      try await use(ofShard: shard)
    }
    var snapshotByteCount = 0
    for try await page in store.listing(prefix: LibraryKeys.snapshotsPrefix) {
      snapshotByteCount += page.entries.reduce(0) { $0 + $1.byteCount }
    }
    return (found.flatMap { $0 }.sorted { $0.symbol < $1.symbol }, snapshotByteCount)
  }

  private func use(ofShard shard: String) async throws -> [StorageUse] {
    var uses: [Substring: StorageUse] = [:]
    for prefix in [LibraryKeys.refsPrefix, LibraryKeys.blocksPrefix, LibraryKeys.stagedPrefix] {
      for try await page in store.listing(prefix: "\(prefix)\(shard)/") {
        for entry in page.entries {
          let parts = entry.key.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
          guard parts.count >= 3 else { continue }
          let name = ObjectName.decode(parts[2]) ?? String(parts[2])
          uses[parts[2], default: StorageUse(symbol: name)].add(entry, prefix, parts.dropFirst(3).first)
        }
      }
    }
    return Array(uses.values)
  }
}

extension StorageUse {
  fileprivate mutating func add(_ entry: ListPage.Entry, _ prefix: String, _ suffix: Substring?) {
    objectCount += 1
    switch prefix {
    case LibraryKeys.refsPrefix: refByteCount += entry.byteCount
    case LibraryKeys.stagedPrefix: stagedByteCount += entry.byteCount
    default:
      // What Sterna would not have named so is counted as data: it takes up space all the same.
      let kind = suffix.flatMap { BlockName(keySuffix: $0)?.kind } ?? .segment
      byteCounts[kind, default: 0] += entry.byteCount
    }
  }
}
