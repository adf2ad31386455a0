import SternaBase
import Synchronization

/// Draws unique ids that follow from who draws them, for what, and on which state: two ways to the same
/// situation then reach the same state, and no two writes ever share an id.
final class IDSource: Sendable {
  private struct State {
    var high: UInt64 = 0
    var low: UInt64 = 0
  }

  private let state = Mutex(State())

  /// - Parameters:
  ///   - drawer: process and operation.
  ///   - base: number of the document that is to be replaced.
  ///   - count: ids that were drawn before for the same base.
  func seed(drawer: Int, base: UInt32, count: Int) {
    state.withLock { $0 = State(high: UInt64(drawer) << 32 | UInt64(base), low: UInt64(count)) }
  }

  func draw() -> UniqueID {
    state.withLock {
      $0.low += 1
      return UniqueID(high: $0.high, low: $0.low)
    }
  }

  /// How many ids were drawn for the base so far.
  var count: Int { state.withLock { Int($0.low) } }
}
