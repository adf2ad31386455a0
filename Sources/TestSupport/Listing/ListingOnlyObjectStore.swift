package import ObjectStore
package import SternaBase

/// A store of which a test makes up the listings; everything else is refused.
package protocol ListingOnlyObjectStore: ObjectStore {}

extension ListingOnlyObjectStore {
  private var refusal: SternaError { SternaError(.unsupported, "only lists") }

  package func get(_ key: String, range: GetRange) async throws -> GetResult { throw refusal }
  package func head(_ key: String) async throws -> ObjectMetadata { throw refusal }
  package func copy(_ source: String, to key: String) async throws { throw refusal }
  package func delete(_ key: String) async throws { throw refusal }
  package func delete(_ keys: [String]) async throws -> [DeleteOutcome] { throw refusal }
  package func put(
    _ key: String, _ bytes: Bytes, mode: PutMode, digest: SHA256Digest?
  ) async throws -> PutResult { throw refusal }
}
