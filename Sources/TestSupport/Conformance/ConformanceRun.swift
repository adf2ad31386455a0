internal import ObjectStore
internal import SternaBase

/// One case's view of the store: its own keys, and words for what it expects.
struct ConformanceRun: Sendable {
  let store: PrefixedObjectStore
  /// How much of a key's length the case's own prefix takes.
  let prefixByteCount: Int
  let quirks: ObjectStoreQuirks

  func expect(_ condition: Bool, _ failure: @autoclosure () -> String) throws {
    if !condition { throw ConformanceFailure(description: failure()) }
  }

  func expectEqual<Value: Equatable>(_ value: Value, _ expected: Value, _ subject: String) throws {
    try expect(value == expected, "\(subject): \(value) instead of \(expected)")
  }

  func expectError<Answer>(
    _ codes: Set<SternaError.Code>, _ subject: String, _ request: () async throws -> Answer
  ) async throws {
    do {
      let answer = try await request()
      throw ConformanceFailure(description: "\(subject): succeeded with \(answer) instead of failing")
    } catch let error as SternaError {
      try expect(codes.contains(error.code), "\(subject): \(error)")
    }
  }

  func expectObject(_ key: String, _ bytes: Bytes) async throws {
    let result = try await store.get(key)
    try expect(result.bytes == bytes, "\(key) has \(result.bytes) instead of \(bytes), or others")
    try expectEqual(result.objectByteCount, bytes.count, "size of \(key)")
  }

  func expectAbsent(_ key: String) async throws {
    try await expectError([.objectNotFound], "get of the absent \(key)") { try await store.get(key) }
    try await expectError([.objectNotFound], "head of the absent \(key)") { try await store.head(key) }
  }

  /// Puts empty-ish objects, a few at a time.
  func putAll(_ keys: [String]) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, key) in keys.enumerated() {
        if index >= 16 { try await group.next() }
        group.addTask { try await store.put(key, Bytes(utf8: key)) }
      }
      try await group.waitForAll()
    }
  }

  /// Everything that a listing holds, keys and common prefixes in the order of their bytes within each
  /// page.
  func listAll(
    prefix: String = "", startAfter: String? = nil, delimiter: String? = nil, pageSize: Int = 1_000
  ) async throws -> [String] {
    var items: [KeyBytes] = []
    let listing = store.listing(
      prefix: prefix, startAfter: startAfter, delimiter: delimiter, pageSize: pageSize)
    for try await page in listing {
      try expect(
        page.entries.count + page.commonPrefixes.count <= pageSize,
        "a page of more than \(pageSize) entries")
      items += (page.entries.map { KeyBytes($0.key) } + page.commonPrefixes.map { KeyBytes($0) }).sorted()
    }
    return items.map(\.text)
  }

  func removeAll() async throws {
    for try await page in store.listing(prefix: "") where !page.entries.isEmpty {
      _ = try await store.delete(page.entries.map(\.key))
    }
  }
}
