import Columnar
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
  /// What the objects of each symbol take up, sorted by name, and the bytes of all snapshots. From listings
  /// alone: no object is read.
  package func storageUse() async throws -> (symbols: [StorageUse], snapshotByteCount: Int) {
    let sizes = try await sizes()
    let symbols = sizes.compactMap { component, kinds in component.map { StorageUse($0, kinds) } }
    return (symbols.sorted { $0.symbol < $1.symbol }, sizes[nil]?[.snapshot]?.byteCount ?? 0)
  }
}

extension StorageUse {
  fileprivate init(_ component: String, _ kinds: [StoredKind: StoredSize]) {
    symbol = ObjectName.decode(component) ?? component
    for (kind, size) in kinds {
      objectCount += size.objectCount
      switch kind {
      case .ref: refByteCount += size.byteCount
      case .staged: stagedByteCount += size.byteCount
      case .block(let kind): byteCounts[kind, default: 0] += size.byteCount
      // What Sterna would not have named so is counted as data: it takes up space all the same.
      case .snapshot, .other: byteCounts[.segment, default: 0] += size.byteCount
      }
    }
  }
}
