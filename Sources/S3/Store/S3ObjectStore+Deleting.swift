package import ObjectStore
internal import SternaBase

extension S3ObjectStore {
  /// Single deletions under way at one time.
  private static let parallelDeletionCount = 16

  package func delete(_ key: String) async throws {
    _ = try KeyBytes(checking: key)
    do {
      _ = try await client.send(S3Request(.deleteObject, key: key))
    } catch let error as SternaError where error.code == .objectNotFound {
      // AWS answers 204 for a key that is not there; some servers answer 404 (NoSuchKey).
    }
  }

  package func delete(_ keys: [String]) async throws -> [DeleteOutcome] {
    // By bytes: `String` would take two spellings of an accent for one key.
    var failures: [KeyBytes: SternaError] = [:]
    let isBulk = client.withState { !$0.deletesOneByOne }
    let bulk = isBulk ? keys.filter(DeleteObjects.canName) : []
    var single = isBulk ? keys.filter { !DeleteObjects.canName($0) } : keys
    for start in stride(from: 0, to: bulk.count, by: DeleteObjects.keyCountMax) {
      let batch = Array(bulk[start..<min(start + DeleteObjects.keyCountMax, bulk.count)])
      do {
        failures.merge(try await deleteBatch(batch)) { $1 }
      } catch let error as SternaError where error.code == .unsupportedStore {
        // Google's interoperable API, among others, has no DeleteObjects (501 or 405).
        client.withState { $0.deletesOneByOne = true }
        single += batch
      } catch let error as SternaError {
        for key in batch { failures[KeyBytes(key)] = error.with { $0.key = key } }
      }
    }
    failures.merge(await deleteOneByOne(single)) { $1 }
    if keys.allSatisfy({ failures[KeyBytes($0)] != nil }),
      let error = keys.first.flatMap({ failures[KeyBytes($0)] }), error.code.isOfAllKeys
    {
      throw error
    }
    return keys.map { DeleteOutcome(key: $0, failure: failures[KeyBytes($0)]) }
  }

  /// - Returns: the failures by key.
  private func deleteBatch(_ keys: [String]) async throws -> [KeyBytes: SternaError] {
    var request = S3Request(.deleteObjects)
    request.query = [QueryItem("delete")]
    request.body = DeleteObjects.body(deleting: keys)
    // AWS has replaced this header by others; MinIO before 2024 and Ceph insist on it.
    request.headers = [HTTPHeader("Content-MD5", Base64.encode(MD5Digest.hashing(request.body)))]
    let body = try await client.send(request).body
    if let refusal = ServiceErrorBody(body) {
      // Status 200 was sent before the work was done.
      throw try await client.error(refusal, in: request)
    }
    return try await failures(of: keys, in: try DeleteObjects.parse(body), of: request)
  }

  private func failures(
    of keys: [String], in result: DeleteObjects.Result, of request: S3Request
  ) async throws -> [KeyBytes: SternaError] {
    var failures: [KeyBytes: SternaError] = [:]
    for failure in result.failures {
      var keyRequest = request
      keyRequest.key = failure.key
      let error = try await client.error(
        ServiceErrorBody(code: failure.providerCode, message: failure.message), in: keyRequest)
      if error.code != .objectNotFound { failures[KeyBytes(failure.key)] = error }
    }
    let named = Set(result.deleted.map { KeyBytes($0) } + result.failures.map { KeyBytes($0.key) })
    for key in keys where !named.contains(KeyBytes(key)) {
      failures[KeyBytes(key)] = SternaError(
        .unavailable, "the answer to DeleteObjects does not name this key", key: key, retry: .transient,
        mayHaveBeenApplied: true)
    }
    return failures
  }

  private func deleteOneByOne(_ keys: [String]) async -> [KeyBytes: SternaError] {
    await withTaskGroup(of: (String, SternaError?).self) { group in
      var failures: [KeyBytes: SternaError] = [:]
      var rest = keys.makeIterator()
      func startNext() {
        guard let key = rest.next() else { return }
        group.addTask {
          do {
            try await self.delete(key)
            return (key, nil)
          } catch {
            return (key, SternaError(anyOf: error, key: key))
          }
        }
      }
      for _ in 0..<Self.parallelDeletionCount { startNext() }
      for await (key, failure) in group {
        failures[KeyBytes(key)] = failure
        startNext()
      }
      return failures
    }
  }
}

extension SternaError {
  /// Any error of asynchronous code as one of ours.
  fileprivate init(anyOf error: any Error, key: String) {
    if let error = error as? SternaError {
      self = error
    } else if error is CancellationError {
      self.init(.cancelled, "the task was cancelled", key: key)
    } else {
      self.init(.requestFailed, "the request failed", key: key, underlying: error)
    }
  }
}

extension SternaError.Code {
  /// Failures that say nothing about single keys: no request got as far as one.
  fileprivate var isOfAllKeys: Bool {
    [.credentials, .unavailable, .bucketNotFound, .clockSkew, .wrongRegion, .cancelled].contains(self)
  }
}
