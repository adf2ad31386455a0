package import SternaBase

/// Keeps the requests in flight, and the bytes they move, within limits; the others wait their turn in
/// order.
///
/// Above the limits, more parallel requests only share the same network and fill memory with half answers.
package final class LimitedObjectStore: ObjectStore {
  /// What a request is taken to move whose size is known only from its answer.
  static let unknownByteCount = 1 << 20

  private let base: any ObjectStore
  private let queue: AdmissionQueue

  package init(_ base: any ObjectStore, maxInFlight: Int, maxBytesInFlight: Int) {
    self.base = base
    self.queue = AdmissionQueue(requestCountMax: maxInFlight, byteCountMax: maxBytesInFlight)
  }

  package func get(_ key: String, range: GetRange) async throws -> GetResult {
    let byteCount =
      switch range {
      case .whole: Self.unknownByteCount
      case .bytes(let range): range.count
      case .suffix(let count): count
      }
    return try await queue.run(.init(byteCount: byteCount)) { try await base.get(key, range: range) }
  }

  package func head(_ key: String) async throws -> ObjectMetadata {
    try await queue.run(.init(byteCount: 0)) { try await base.head(key) }
  }

  package func put(
    _ key: String, _ bytes: Bytes, mode: PutMode, digest: SHA256Digest?
  ) async throws -> PutResult {
    try await queue.run(.init(byteCount: bytes.count)) {
      try await base.put(key, bytes, mode: mode, digest: digest)
    }
  }

  package func copy(_ source: String, to key: String) async throws {
    try await queue.run(.init(byteCount: 0)) { try await base.copy(source, to: key) }
  }

  package func delete(_ key: String) async throws {
    try await queue.run(.init(byteCount: 0)) { try await base.delete(key) }
  }

  package func delete(_ keys: [String]) async throws -> [DeleteOutcome] {
    try await queue.run(.init(byteCount: 0)) { try await base.delete(keys) }
  }

  package func list(_ request: ListRequest) async throws -> ListPage {
    try await queue.run(.init(byteCount: Self.unknownByteCount)) { try await base.list(request) }
  }
}
