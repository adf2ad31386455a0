package import SternaBase

/// The part of a store whose keys begin with a prefix, seen without the prefix: one bucket for many stores.
///
/// Keys in errors stay whole, because that is what an operator finds in the bucket.
package struct PrefixedObjectStore: ObjectStore {
  private let base: any ObjectStore
  private let prefix: String

  /// `prefix` is put before every key as it is: where it should end in a slash, it must bring it.
  package init(_ base: any ObjectStore, prefix: String) {
    self.base = base
    self.prefix = prefix
  }

  package func get(_ key: String, range: GetRange) async throws -> GetResult {
    try await base.get(prefix + key, range: range)
  }

  package func head(_ key: String) async throws -> ObjectMetadata { try await base.head(prefix + key) }

  package func put(
    _ key: String, _ bytes: Bytes, mode: PutMode, digest: SHA256Digest?
  ) async throws -> PutResult {
    try await base.put(prefix + key, bytes, mode: mode, digest: digest)
  }

  package func copy(_ source: String, to key: String) async throws {
    try await base.copy(prefix + source, to: prefix + key)
  }

  package var whole: WholeStore {
    WholeStore(store: base.whole.store, prefix: base.whole.prefix + prefix)
  }

  package func delete(_ key: String) async throws { try await base.delete(prefix + key) }

  package func delete(_ keys: [String]) async throws -> [DeleteOutcome] {
    try await base.delete(keys.map { prefix + $0 }).map {
      DeleteOutcome(key: relative($0.key), failure: $0.failure)
    }
  }

  package func list(_ request: ListRequest) async throws -> ListPage {
    var whole = request
    whole.prefix = prefix + request.prefix
    whole.startAfter = request.startAfter.map { prefix + $0 }
    var page = try await base.list(whole)
    for index in page.entries.indices { page.entries[index].key = relative(page.entries[index].key) }
    page.commonPrefixes = page.commonPrefixes.map(relative)
    return page
  }

  /// Cut by bytes: a combining character behind the prefix would hide it from `String.hasPrefix`.
  private func relative(_ key: String) -> String {
    String(decoding: key.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
  }
}
