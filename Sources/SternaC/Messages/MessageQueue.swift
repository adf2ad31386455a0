import Logging
import Synchronization

/// What the engine had to say and the caller did not take yet.
///
/// A callback into C would run in the engine's threads: without an interpreter's lock, or after the
/// interpreter's end. So messages wait here until somebody asks.
///
/// - Invariant: at most `countMax` wait; the oldest give way, and how many did is a message of its own.
final class MessageQueue: Sendable {
  struct Message: Equatable {
    let level: Logger.Level
    let text: String
  }

  static let shared = MessageQueue()
  static let logger = Logger(label: "sterna") { _ in QueueingLogHandler(queue: shared) }

  private struct State {
    var messages: [Message] = []
    var lostCount = 0
  }

  private let countMax = 256
  private let state = Mutex(State())

  init() {}

  func add(_ message: Message) {
    state.withLock { state in
      if state.messages.count == countMax {
        state.messages.removeFirst()
        state.lostCount += 1
      }
      state.messages.append(message)
    }
  }

  /// The oldest message; nil when there is none.
  func take() -> Message? {
    state.withLock { state in
      if state.lostCount > 0 {
        defer { state.lostCount = 0 }
        return Message(level: .warning, text: "\(state.lostCount) messages before this one were not taken")
      }
      return state.messages.isEmpty ? nil : state.messages.removeFirst()
    }
  }
}

/// Warnings and errors into a queue.
struct QueueingLogHandler: LogHandler {
  let queue: MessageQueue
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.warning

  init(queue: MessageQueue) { self.queue = queue }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) { queue.add(.init(level: event.level, text: "\(event.message)")) }
}
