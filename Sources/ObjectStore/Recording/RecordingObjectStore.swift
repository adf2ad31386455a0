package import SternaBase
import Synchronization

/// Passes every request on and writes down what it was: what asserts how many requests, bytes and dependent
/// round trips an operation costs.
///
/// A record appears when its request begins and is completed when it ends, so requests in flight are seen
/// too.
package final class RecordingObjectStore: ObjectStore {
  private struct Log {
    var records: [RequestRecord] = []
    var clock = 0
    /// Raised by `reset`, so that a request that began before does not complete a later record.
    var generation = 0

    mutating func tick() -> Int {
      clock += 1
      return clock
    }
  }

  private let base: any ObjectStore
  private let log = Mutex(Log())

  package init(_ base: any ObjectStore) { self.base = base }

  /// All requests since the beginning or the last `reset`, in the order in which they began.
  package var records: [RequestRecord] { log.withLock { $0.records } }

  package var requestCount: Int { log.withLock { $0.records.count } }

  package func dependentSteps() -> Int { records.dependentSteps() }

  /// Forgets everything recorded so far.
  package func reset() {
    log.withLock { log in
      log.records = []
      log.generation += 1
    }
  }

  package func get(_ key: String, range: GetRange) async throws -> GetResult {
    try await recording(.get, key, range: range, received: { $0.bytes.count }) {
      try await base.get(key, range: range)
    }
  }

  package func head(_ key: String) async throws -> ObjectMetadata {
    try await recording(.head, key) { try await base.head(key) }
  }

  package func put(
    _ key: String, _ bytes: Bytes, mode: PutMode, digest: SHA256Digest?
  ) async throws -> PutResult {
    try await recording(.put, key, mode: mode, sentByteCount: bytes.count) {
      try await base.put(key, bytes, mode: mode, digest: digest)
    }
  }

  package func copy(_ source: String, to key: String) async throws {
    try await recording(.copy, key) { try await base.copy(source, to: key) }
  }

  package func delete(_ key: String) async throws {
    try await recording(.delete, key) { try await base.delete(key) }
  }

  package func delete(_ keys: [String]) async throws -> [DeleteOutcome] {
    try await recording(.deleteMany, keys.first ?? "", keyCount: keys.count) {
      try await base.delete(keys)
    }
  }

  package func list(_ request: ListRequest) async throws -> ListPage {
    try await recording(.list, request.prefix) { try await base.list(request) }
  }

  private func recording<Answer>(
    _ verb: RequestRecord.Verb, _ key: String, range: GetRange? = nil, mode: PutMode? = nil,
    keyCount: Int = 1, sentByteCount: Int = 0, received: (Answer) -> Int = { _ in 0 },
    _ request: () async throws -> Answer
  ) async throws -> Answer {
    let ticket = log.withLock { log in
      log.records.append(
        RequestRecord(
          verb: verb, key: key, range: range, mode: mode, keyCount: keyCount,
          sentByteCount: sentByteCount, start: log.tick()))
      return (index: log.records.count - 1, generation: log.generation)
    }
    func complete(_ outcome: RequestRecord.Outcome, receivedByteCount: Int = 0) {
      log.withLock { log in
        let time = log.tick()
        guard log.generation == ticket.generation else { return }
        log.records[ticket.index].outcome = outcome
        log.records[ticket.index].receivedByteCount = receivedByteCount
        log.records[ticket.index].end = time
      }
    }
    do {
      let answer = try await request()
      complete(.success, receivedByteCount: received(answer))
      return answer
    } catch {
      complete(.failure((error as? SternaError)?.code ?? .cancelled))
      throw error
    }
  }
}
