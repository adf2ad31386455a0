internal import SternaBase
import Synchronization

/// Admits work while its sum stays within two limits, strictly in the order of arrival.
///
/// Large work is not overtaken by small work that would still fit, or it might wait for ever. Work that
/// alone is over a limit is admitted alone.
///
/// A store that asks for less load gets it: each time, half as many requests at once as before, and one more
/// behind each full round of answers without such a wish (additive increase, multiplicative decrease: Chiu
/// and Jain, 1989).
///
/// - Invariant: when nobody is being admitted, the first of `waiting` does not fit.
package final class AdmissionQueue: Sendable {
  package struct Cost: Hashable, Sendable {
    package var requestCount: Int
    package var byteCount: Int

    package init(requestCount: Int = 1, byteCount: Int) {
      self.requestCount = requestCount
      self.byteCount = byteCount
    }
  }

  private struct Waiter {
    let id: Int
    let cost: Cost
    let continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var free: Cost
    /// In the order of arrival.
    var waiting: [Waiter] = []
    var nextID = 0
    /// Requests at once that the store takes at present.
    var pace: Int
    /// Counts the times that the pace was halved: requests that were under way then share one halving.
    var halvingCount = 0
    var answersAtPace = 0

    mutating func slowDown() {
      let slower = max(1, pace / 2)
      free.requestCount -= pace - slower
      pace = slower
      halvingCount += 1
      answersAtPace = 0
    }

    mutating func speedUp(max paceMax: Int) {
      answersAtPace += 1
      guard pace < paceMax, answersAtPace >= pace else { return }
      pace += 1
      free.requestCount += 1
      answersAtPace = 0
    }

    /// Takes the waiters from the front that fit now.
    mutating func admit() -> [Waiter] {
      var count = 0
      while count < waiting.count, take(waiting[count].cost) { count += 1 }
      defer { waiting.removeFirst(count) }
      return Array(waiting.prefix(count))
    }

    mutating func take(_ cost: Cost) -> Bool {
      guard cost.requestCount <= free.requestCount, cost.byteCount <= free.byteCount else { return false }
      free.requestCount -= cost.requestCount
      free.byteCount -= cost.byteCount
      return true
    }
  }

  private let limit: Cost
  private let state: Mutex<State>

  package init(requestCountMax: Int, byteCountMax: Int) {
    precondition(requestCountMax > 0 && byteCountMax > 0)
    self.limit = Cost(requestCount: requestCountMax, byteCount: byteCountMax)
    self.state = Mutex(State(free: limit, pace: requestCountMax))
  }

  /// How many wait.
  package var waitingCount: Int { state.withLock { $0.waiting.count } }

  /// Whether the work being done costs so many bytes now.
  func isHolding(bytes byteCount: Int) -> Bool {
    state.withLock { limit.byteCount - $0.free.byteCount == byteCount }
  }

  /// Runs `work` when it is its turn.
  /// - Throws: what `work` throws; `cancelled` when the task is cancelled while it waits.
  package func run<Answer>(_ cost: Cost, _ work: () async throws -> Answer) async throws -> Answer {
    let taken = Cost(
      requestCount: min(max(cost.requestCount, 0), limit.requestCount),
      byteCount: min(max(cost.byteCount, 0), limit.byteCount))
    try await acquire(taken)
    defer { release(taken) }
    let halvingCount = state.withLock { $0.halvingCount }
    do {
      let answer = try await work()
      state.withLock { $0.speedUp(max: limit.requestCount) }
      return answer
    } catch let error as SternaError where error.isThrottled {
      state.withLock { if $0.halvingCount == halvingCount { $0.slowDown() } }
      throw error
    }
  }

  /// Requests at once that the store takes at present.
  package var pace: Int { state.withLock { $0.pace } }

  private func acquire(_ cost: Cost) async throws {
    let id = state.withLock { state -> Int? in
      if state.waiting.isEmpty, state.take(cost) { return nil }
      state.nextID += 1
      return state.nextID
    }
    guard let id else { return }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let outcome = enqueue(Waiter(id: id, cost: cost, continuation: continuation))
        resume(outcome.admitted)
        if outcome.isCancelled { continuation.resume(throwing: Self.cancelled) }
      }
    } onCancel: {
      cancel(id)
    }
  }

  /// The cancellation flag is looked at under the lock that `cancel` takes: a task that is cancelled later
  /// finds its waiter here, one that was cancelled earlier never adds it.
  private func enqueue(_ waiter: Waiter) -> (admitted: [Waiter], isCancelled: Bool) {
    state.withLock { state in
      if Task.isCancelled { return ([], true) }
      state.waiting.append(waiter)
      // Room may have been made since the first look.
      return (state.admit(), false)
    }
  }

  private func cancel(_ id: Int) {
    let (cancelled, admitted) = state.withLock { state -> (Waiter?, [Waiter]) in
      guard let index = state.waiting.firstIndex(where: { $0.id == id }) else { return (nil, []) }
      let cancelled = state.waiting.remove(at: index)
      // Those behind it may fit where it did not.
      return (cancelled, state.admit())
    }
    cancelled?.continuation.resume(throwing: Self.cancelled)
    resume(admitted)
  }

  private func release(_ cost: Cost) {
    let admitted = state.withLock { state in
      state.free.requestCount += cost.requestCount
      state.free.byteCount += cost.byteCount
      return state.admit()
    }
    resume(admitted)
  }

  private func resume(_ admitted: [Waiter]) {
    for waiter in admitted { waiter.continuation.resume() }
  }

  private static var cancelled: SternaError {
    SternaError(.cancelled, "the task was cancelled while it waited for its turn")
  }
}
