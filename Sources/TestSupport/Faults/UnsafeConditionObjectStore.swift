package import ObjectStore
package import SternaBase

/// A store whose conditional writes do not hold, as on some S3-compatible servers: what
/// `ConditionalWriteProof` must find out, and what a library must refuse.
package final class UnsafeConditionObjectStore: ObjectStore {
  package enum Defect: Sendable, CaseIterable {
    /// If-None-Match is not looked at.
    case ignoresCreate
    /// If-Match is not looked at.
    case ignoresIfMatch
    /// Conditions are looked at first and the object is written later, with others in between.
    case checksBeforeWriting
    /// No If-Match ever holds (the server compares another form of the tag).
    case refusesEveryTag
  }

  private let base: any ObjectStore
  private let defect: Defect

  package init(_ base: any ObjectStore, defect: Defect) {
    self.base = base
    self.defect = defect
  }

  package func put(
    _ key: String, _ bytes: Bytes, mode: PutMode, digest: SHA256Digest?
  ) async throws -> PutResult {
    var effective = mode
    switch (defect, mode) {
    case (.ignoresCreate, .create), (.ignoresIfMatch, .ifMatch):
      effective = .overwrite
    case (.refusesEveryTag, .ifMatch):
      throw SternaError(.preconditionFailed, "the tag has another form", key: key)
    case (.checksBeforeWriting, _):
      let present = try? await base.head(key)
      try mode.check(against: present?.tag, key: key)
      for _ in 0..<100 { await Task.yield() }
      effective = .overwrite
    default:
      break
    }
    return try await base.put(key, bytes, mode: effective, digest: digest)
  }

  package func get(_ key: String, range: GetRange) async throws -> GetResult {
    try await base.get(key, range: range)
  }
  package func head(_ key: String) async throws -> ObjectMetadata { try await base.head(key) }
  package func copy(_ source: String, to key: String) async throws {
    try await base.copy(source, to: key)
  }
  package func delete(_ key: String) async throws { try await base.delete(key) }
  package func delete(_ keys: [String]) async throws -> [DeleteOutcome] { try await base.delete(keys) }
  package func list(_ request: ListRequest) async throws -> ListPage { try await base.list(request) }
}
