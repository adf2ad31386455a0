import Columnar
import ObjectStore
import SternaBase

/// How many objects of a kind there are, and their bytes.
package struct StoredSize: Hashable, Sendable {
  package var objectCount = 0
  package var byteCount = 0

  mutating func add(_ bytes: Int) {
    objectCount += 1
    byteCount += bytes
  }
}

/// What the objects of a library are. Snapshots belong to no symbol, all others to one.
package enum StoredKind: Hashable, Sendable {
  case ref
  case block(BlockKind)
  case staged
  case snapshot
  /// Not an object that this build writes.
  case other
}

extension SymbolStore {
  private static let shardListConcurrency = 16

  /// The sizes of everything that the library's folder holds, garbage included, by key component of the
  /// symbol (nil for what belongs to none) and kind. Costs LISTs only.
  package func sizes() async throws -> [String?: [StoredKind: StoredSize]] {
    let blocks = LibraryKeys.blocksPrefix
    let shards = (0..<256).map { blocks + Hex.encode([UInt8($0)]) + "/" }
    let first = try await store.list(ListRequest(prefix: ""))
    if first.continuation == nil { return Self.sizes(of: first.entries) }
    // A small library is one LIST; a large one has its blocks spread over the shards.
    let others = [LibraryKeys.refsPrefix, LibraryKeys.snapshotsPrefix, "staged/"]
    let parts = try await mapConcurrently(others + shards, limit: Self.shardListConcurrency) { prefix in
      var entries: [ListPage.Entry] = []
      for try await page in store.listing(prefix: prefix) { entries += page.entries }
      return Self.sizes(of: entries)
    }
    return parts.reduce(into: [:]) { whole, part in
      for (symbol, kinds) in part { whole[symbol, default: [:]].merge(kinds) { $0 + $1 } }
    }
  }

  /// The key component under which the sizes of a symbol stand.
  package func sizeComponent(of symbol: String) throws(SternaError) -> String { try name(symbol).encoded }

  private static func sizes(of entries: [ListPage.Entry]) -> [String?: [StoredKind: StoredSize]] {
    entries.reduce(into: [:]) { sizes, entry in
      let (symbol, kind) = place(of: entry.key)
      sizes[symbol, default: [:]][kind, default: StoredSize()].add(entry.byteCount)
    }
  }

  private static func place(of key: String) -> (symbol: String?, kind: StoredKind) {
    let parts = key.split(separator: "/", omittingEmptySubsequences: false)
    switch parts.first {
    case "refs" where parts.count == 3: return (String(parts[2]), .ref)
    case "staged" where parts.count == 4: return (String(parts[2]), .staged)
    case "snapshots": return (nil, .snapshot)
    case "blocks" where parts.count == 5:
      let kind = BlockKind.allCases.first { parts[4].hasSuffix(".\($0.fileExtension)") }
      return (String(parts[2]), kind.map { .block($0) } ?? .other)
    default: return (nil, .other)
    }
  }
}

private func + (left: StoredSize, right: StoredSize) -> StoredSize {
  StoredSize(
    objectCount: left.objectCount + right.objectCount, byteCount: left.byteCount + right.byteCount)
}
