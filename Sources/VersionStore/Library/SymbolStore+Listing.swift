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
    // Strings that Unicode calls equal are different symbols: names are told apart by their bytes.
    var names: [KeyBytes] = []
    var shortened: [String] = []
    for entry in entries where RefState.isLive(byteCount: entry.byteCount) {
      guard let component = LibraryKeys.symbolComponent(ofRef: entry.key) else { continue }
      if let name = ObjectName.decode(component) {
        names.append(KeyBytes(name))
      } else {
        shortened.append(entry.key)
      }
    }
    // Only these cost a request each, and a task: a million tasks are many.
    names += try await mapConcurrently(shortened, limit: options.fetchConcurrency) {
      try await symbolName(inRef: $0)
    }.compactMap { $0 }.map { KeyBytes($0) }
    names.sort()
    return names.indices.filter { $0 == 0 || names[$0] != names[$0 - 1] }.map { names[$0].text }
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

  /// The name of a symbol whose key does not hold it; nil when its ref is gone again.
  private func symbolName(inRef key: String) async throws -> String? {
    do {
      return try RefState.symbolName(in: try await store.get(key).bytes)
    } catch let error as SternaError where error.code == .objectNotFound {
      return nil
    }
  }
}
