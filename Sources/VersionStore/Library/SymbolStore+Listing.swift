import ObjectStore
import SternaBase

extension SymbolStore {
  private static let shardListConcurrency = 16

  /// The names of all symbols, sorted: one LIST for a small library, parallel ones for a large.
  package func symbols() async throws -> [String] {
    let first = try await store.list(ListRequest(prefix: LibraryKeys.refsPrefix))
    var entries = first.entries
    if first.continuation != nil {
      let shards = (0..<256).map { LibraryKeys.refsPrefix + Hex.encode([UInt8($0)]) + "/" }
      entries = try await mapConcurrently(shards, limit: Self.shardListConcurrency) { shard in
        var entries: [ListPage.Entry] = []
        for try await page in store.listing(prefix: shard) { entries += page.entries }
        return entries
      }.flatMap { $0 }
    }
    let live = entries.filter { RefState.isLive(byteCount: $0.byteCount) }
    let names = try await mapConcurrently(live, limit: options.fetchConcurrency) {
      try await symbolName(of: $0)
    }
    // Strings that Unicode calls equal are different symbols: duplicates are told apart by bytes.
    return Dictionary(names.compactMap { $0 }.map { (Array($0.utf8), $0) }) { first, _ in first }
      .values.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Whether a symbol exists: one request.
  package func hasSymbol(_ symbol: String) async throws -> Bool {
    let name = try ObjectName(symbol, subject: "symbol")
    do {
      let metadata = try await store.head(LibraryKeys.ref(of: name))
      return RefState.isLive(byteCount: metadata.byteCount)
    } catch let error as SternaError where error.code == .objectNotFound {
      return false
    }
  }

  /// Nil for objects that are not refs, and for a shortened name whose ref is gone again.
  private func symbolName(of entry: ListPage.Entry) async throws -> String? {
    guard let component = LibraryKeys.symbolComponent(ofRef: entry.key) else { return nil }
    if let name = ObjectName.decode(component) { return name }
    do {
      return try RefState.symbolName(in: try await store.get(entry.key).bytes)
    } catch let error as SternaError where error.code == .objectNotFound {
      return nil
    }
  }
}
