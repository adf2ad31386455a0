import Synchronization

/// A value that closures of several tasks may change.
final class SharedValue<Value: Sendable>: Sendable {
  private let guarded: Mutex<Value>

  init(_ value: Value) { guarded = Mutex(value) }

  var value: Value { guarded.withLock { $0 } }

  func update(_ change: @Sendable (inout Value) -> Void) {
    guarded.withLock { change(&$0) }
  }
}
