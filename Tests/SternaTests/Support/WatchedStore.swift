import ObjectStore
import SternaBase
import TestSupport

@testable import Sterna

/// A store in memory of which the requests are written down.
struct WatchedStore {
  let recording: RecordingObjectStore
  private let faults: FaultInjectingObjectStore

  init() {
    faults = FaultInjectingObjectStore(MemoryObjectStore(), environment: .live)
    recording = RecordingObjectStore(faults)
  }

  /// A client that knows nothing yet.
  func open(rowsPerSlice: Int) -> Store {
    var options = StoreOptions()
    options.rowsPerSlice = rowsPerSlice
    return Store(
      uri: "memory://watched", objects: recording, endpoint: "memory", options: options,
      environment: SimulatedEnvironment(seed: 3).environment)
  }

  /// The dependent steps of some work, and its requests in `recording`. Every request takes so long that
  /// those which could overlap do, on a busy machine too.
  func dependentSteps(of work: () async throws -> Void) async throws -> Int {
    faults.add(FaultRule(.delay(nanoseconds: 200_000_000)))
    recording.reset()
    try await work()
    faults.removeAllRules()
    return recording.dependentSteps()
  }
}
