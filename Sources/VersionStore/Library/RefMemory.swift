import Synchronization

/// The refs that this process committed last: a writer that comes back may build on one without reading it
/// again.
///
/// An outdated entry costs a failed conditional put, never a wrong result. Bounded: when full, all is
/// forgotten.
final class RefMemory: Sendable {
  private static let countMax = 256
  /// By key component: texts that Unicode calls equal (é in one scalar or two) are different symbols.
  private let snapshots = Mutex<[String: RefSnapshot]>([:])

  func snapshot(of symbol: ObjectName) -> RefSnapshot? { snapshots.withLock { $0[symbol.encoded] } }

  func remember(_ snapshot: RefSnapshot, of symbol: ObjectName) {
    snapshots.withLock { snapshots in
      if snapshots.count >= Self.countMax { snapshots = [:] }
      snapshots[symbol.encoded] = snapshot
    }
  }

  func forget(_ symbol: ObjectName) {
    snapshots.withLock { $0[symbol.encoded] = nil }
  }
}
