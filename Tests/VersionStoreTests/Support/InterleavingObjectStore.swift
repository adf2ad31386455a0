import ObjectStore
import SternaBase
import Synchronization

/// Lets something else happen right before the nth request of a client: one client's operation, cut at a
/// place of choice, with whole operations of others in the gap.
///
/// Trying every n enumerates all such interleavings.
final class InterleavingObjectStore: ObjectStore {
  private struct State {
    var requestCount = 0
    var hasInterrupted = false
  }

  private let base: any ObjectStore
  private let ordinal: Int
  private let interruption: @Sendable () async throws -> Void
  private let state = Mutex(State())

  /// - Parameter ordinal: the request, counted from 1, before which `interruption` runs.
  init(
    _ base: any ObjectStore, before ordinal: Int,
    _ interruption: @escaping @Sendable () async throws -> Void
  ) {
    self.base = base
    self.ordinal = ordinal
    self.interruption = interruption
  }

  /// False when the client had finished before it came to the request.
  var hasInterrupted: Bool { state.withLock { $0.hasInterrupted } }

  private func step() async throws {
    let isDue = state.withLock { state in
      state.requestCount += 1
      if state.requestCount == ordinal { state.hasInterrupted = true }
      return state.requestCount == ordinal
    }
    if isDue { try await interruption() }
  }

  func get(_ key: String, range: GetRange) async throws -> GetResult {
    try await step()
    return try await base.get(key, range: range)
  }

  func head(_ key: String) async throws -> ObjectMetadata {
    try await step()
    return try await base.head(key)
  }

  func put(_ key: String, _ bytes: Bytes, mode: PutMode, digest: SHA256Digest?) async throws -> PutResult {
    try await step()
    return try await base.put(key, bytes, mode: mode, digest: digest)
  }

  func copy(_ source: String, to key: String) async throws {
    try await step()
    try await base.copy(source, to: key)
  }

  func delete(_ key: String) async throws {
    try await step()
    try await base.delete(key)
  }

  func delete(_ keys: [String]) async throws -> [DeleteOutcome] {
    try await step()
    return try await base.delete(keys)
  }

  func list(_ request: ListRequest) async throws -> ListPage {
    try await step()
    return try await base.list(request)
  }
}
