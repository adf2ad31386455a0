import ObjectStore
import S3
import SternaBase
import Synchronization

extension Store {
  /// Opens a store by its URI. No request is made: what is wrong with the place is reported by the first
  /// use.
  ///
  /// - Parameter uri: `s3://bucket/prefix`, `file:///path`, a path, or `memory://name`.
  /// - Throws: `invalidArgument` for a malformed URI or option, `credentials` when there are none.
  public static func open(
    _ uri: String, options: StoreOptions = StoreOptions()
  ) async throws(SternaError) -> Store {
    try await open(uri, options: options, environment: .live)
  }

  /// As above, with time and chance injected.
  package static func open(
    _ uri: String, options: StoreOptions = StoreOptions(), environment: Environment
  ) async throws(SternaError) -> Store {
    switch try StoreLocation(uri) {
    case .memory(let name):
      return Store(
        uri: uri, objects: MemoryStores.shared.store(named: name), endpoint: "memory", options: options,
        environment: environment)
    case .folder(let path):
      return Store(
        uri: uri, objects: options.limiting(DirectoryObjectStore(root: path, environment: environment)),
        endpoint: "folder", options: options, environment: environment)
    case .bucket(let uri):
      return try openBucket(uri, options: options, process: .live(), environment: environment)
    }
  }
}

extension StoreOptions {
  /// A store with the limits of these options on what is in flight.
  func limiting(_ base: any ObjectStore) -> LimitedObjectStore {
    LimitedObjectStore(base, maxInFlight: requestsInFlightMax, maxBytesInFlight: bytesInFlightMax)
  }
}

/// The in-memory stores of this process: opening one name twice gives the same store.
private final class MemoryStores: Sendable {
  static let shared = MemoryStores()
  private let stores = Mutex<[String: MemoryObjectStore]>([:])

  func store(named name: String) -> MemoryObjectStore {
    stores.withLock { stores in
      if let store = stores[name] { return store }
      let store = MemoryObjectStore()
      stores[name] = store
      return store
    }
  }
}
