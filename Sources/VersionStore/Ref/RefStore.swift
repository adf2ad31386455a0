import ObjectStore
import SternaBase

/// One state of a symbol's ref as it stands in the store; nil twice when there is no object.
package struct RefSnapshot: Hashable, Sendable {
  package var state: RefState?
  /// What a conditional put on this state must name.
  package var tag: ETag?

  package static let absent = RefSnapshot(state: nil, tag: nil)

  package init(state: RefState?, tag: ETag?) {
    self.state = state
    self.tag = tag
  }

  /// The number that the next version gets, which is the only one that an attempt on this state can become.
  package var nextVersion: UInt64 { state?.nextVersion ?? 0 }
  package var epoch: UInt64 { state?.epoch ?? 0 }
}

/// Reads and conditionally replaces refs: the only place that writes a mutable object of a library.
package struct RefStore: Sendable {
  let store: any ObjectStore

  package init(store: any ObjectStore) { self.store = store }

  package func read(_ symbol: ObjectName) async throws -> RefSnapshot {
    let key = LibraryKeys.ref(of: symbol)
    do {
      let object = try await store.get(key)
      do {
        return RefSnapshot(state: try RefState(decoding: object.bytes, symbol: symbol), tag: object.tag)
      } catch {
        throw error.with { $0.key = key }
      }
    } catch let error as SternaError where error.code == .objectNotFound {
      return .absent
    }
  }

  /// Replaces the ref on condition that it still is in the state of `base`.
  package func write(
    _ bytes: Bytes, of symbol: ObjectName, replacing base: RefSnapshot
  ) async throws -> ETag {
    let mode: PutMode = base.tag.map { .ifMatch($0) } ?? .create
    return try await store.put(LibraryKeys.ref(of: symbol), bytes, mode: mode).tag
  }
}
