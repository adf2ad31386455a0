import CSterna
import Columnar
import Dispatch
import Sterna
import SternaBase
import Synchronization

/// Work that was started for a C caller: it runs in a task of its own, and the caller's thread waits for
/// it.
///
///     C thread      start ──────────── wait (semaphore) ──── error / answer ──── free
///     task pool            └─ Task ── engine ── finish ┘
///
/// Or the waiting thread does the work itself (`WaitingExecutor`).
///
/// - Invariant: `outcome` is set once, before the semaphore is signalled, and the texts lent to C never
///   change after.
final class Operation: Sendable {
  private enum Outcome {
    case running
    case failed(ErrorTexts)
    case finished(Answer, json: CText?)
  }

  private let outcome = Mutex<Outcome>(.running)
  private let task = Mutex<Task<Void, Never>?>(nil)
  private let ended = DispatchSemaphore(value: 0)
  /// Nil where the task pool does the work.
  private let executor: WaitingExecutor?

  private init(executor: WaitingExecutor?) { self.executor = executor }

  /// Starts `work` and gives C the handle of it, to be freed with `sterna_operation_free`.
  static func start(
    inWaitingThread: Bool = false, _ work: @escaping @Sendable () async throws -> Answer
  ) -> OpaquePointer {
    let operation = Operation(executor: inWaitingThread ? WaitingExecutor() : nil)
    let task = Task.detached(executorPreference: operation.executor) {
      do {
        operation.end(.success(try await work()))
      } catch {
        operation.end(.failure(SternaError(wrapping: error)))
      }
    }
    operation.task.withLock { $0 = task }
    return Handle.retain(operation)
  }

  private func end(_ result: Result<Answer, SternaError>) {
    outcome.withLock { outcome in
      do {
        let answer = try result.get()
        outcome = .finished(answer, json: try answer.json.map { CText(try $0.serialized()) })
      } catch {
        outcome = .failed(ErrorTexts(SternaError(wrapping: error)))
      }
    }
    if let executor { executor.end() } else { ended.signal() }
  }

  /// - Returns: whether the work has ended.
  func wait(timeoutMilliseconds: Int64) -> Bool {
    // A year stands for any longer time, which would overflow.
    let bounded = Int(min(timeoutMilliseconds, 31_536_000_000))
    let deadline: DispatchTime = timeoutMilliseconds < 0 ? .distantFuture : .now() + .milliseconds(bounded)
    if let executor { return executor.wait(until: deadline) }
    let isOver = ended.wait(timeout: deadline) == .success
    // Whoever waits next, in any thread, must get through too.
    if isOver { ended.signal() }
    return isOver
  }

  func cancel() { task.withLock { $0?.cancel() } }

  /// Nobody is left to ask for the answer, or to wait.
  func abandon() {
    cancel()
    executor?.abandon()
  }

  var error: UnsafePointer<sterna_error>? {
    outcome.withLock { outcome in
      guard case .failed(let texts) = outcome else { return nil }
      return texts.pointer
    }
  }

  var json: UnsafePointer<CChar>? {
    outcome.withLock { outcome in
      guard case .finished(_, let json) = outcome else { return nil }
      return json?.pointer
    }
  }

  /// Takes a result out of the answer: the next call finds none.
  func take<Value: Sendable>(_ part: WritableKeyPath<Answer, Value?>) -> Value? {
    outcome.withLock { outcome in
      guard case .finished(var answer, let json) = outcome else { return nil }
      defer { outcome = .finished(answer, json: json) }
      defer { answer[keyPath: part] = nil }
      return answer[keyPath: part]
    }
  }
}

/// What an operation found: JSON, and at most one thing to take over.
struct Answer: Sendable {
  var json: JSONValue?
  var store: Store?
  var library: Library?
  var frames: FrameOutput?
}

/// Columns on their way out.
enum FrameOutput: Sendable {
  case frame(DataFrame)
  case sequence(FrameSequence)
}
