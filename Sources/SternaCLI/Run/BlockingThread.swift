import Dispatch
import Synchronization

/// A thread for work that blocks (parsing a file, writing to a pipe), in the order of the calls.
///
/// Swift's cooperative pool has one thread per core: a slow reader of our output must not stop the
/// downloads.
final class BlockingThread: Sendable {
  private let queue: DispatchQueue

  init(_ label: String) { queue = DispatchQueue(label: "sterna.\(label)") }

  /// Runs `work` on the thread. A cancelled caller is let go at once, because a read from a terminal may
  /// never return; the work itself then ends unheard.
  func run<Answer: Sendable>(_ work: @escaping @Sendable () throws -> Answer) async throws -> Answer {
    let waiter = Waiter<Answer>()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        waiter.wait(continuation)
        queue.async { waiter.resume(Result(catching: work)) }
      }
    } onCancel: {
      waiter.resume(.failure(CancellationError()))
    }
  }

  /// Hands one result, the first, to one continuation.
  private final class Waiter<Answer: Sendable>: Sendable {
    private enum State {
      case idle
      case waiting(CheckedContinuation<Answer, any Error>)
      /// The result came before the continuation.
      case early(Result<Answer, any Error>)
      case done
    }

    private let state = Mutex(State.idle)

    func wait(_ continuation: CheckedContinuation<Answer, any Error>) {
      let early: Result<Answer, any Error>? = state.withLock { state in
        if case .early(let result) = state {
          state = .done
          return result
        }
        state = .waiting(continuation)
        return nil
      }
      if let early { continuation.resume(with: early) }
    }

    func resume(_ result: Result<Answer, any Error>) {
      let continuation: CheckedContinuation<Answer, any Error>? = state.withLock { state in
        switch state {
        case .idle:
          state = .early(result)
          return nil
        case .waiting(let continuation):
          state = .done
          return continuation
        case .early, .done: return nil
        }
      }
      continuation?.resume(with: result)
    }
  }
}
