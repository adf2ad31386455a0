import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs the jobs of a task in the thread that waits for its end.
///
/// A read of a small symbol is then one piece of work in one thread: to hand it to the task pool, and its
/// end back, takes about as long as the read. Jobs that are ready while the waiting thread is at work, or
/// looks for signals between two waits, are shared out, as long as fewer threads than cores are at work,
/// for whatever operations:
///
///     waiting thread   job ── job ───────── job ── end
///     helper                   └─ job ── job ─┘
///
/// Before the first wait nobody runs jobs; once the waiter has given up, helpers do.
final class WaitingExecutor: TaskExecutor {
  private struct State {
    /// Those from `head` on wait.
    var jobs: [UnownedJob] = []
    var head = 0
    var isOver = false
    var isAbandoned = false
    var wasWaitedFor = false
    /// Waiting threads that have nothing to do.
    var idleCount = 0
    var helperCount = 0

    var hasJobs: Bool { head < jobs.count }

    mutating func append(_ job: UnownedJob) {
      // Dropping done jobs in bulk keeps both ends of the queue O(1).
      if head == jobs.count { (jobs, head) = ([], 0) }
      jobs.append(job)
    }

    mutating func next() -> UnownedJob? {
      guard hasJobs else { return nil }
      defer { head += 1 }
      return jobs[head]
    }
  }

  private enum Turn {
    case job(UnownedJob)
    case idle
    case over
  }

  private let state = Mutex(State())
  /// One signal for each thread that was taken out of `idleCount`.
  private let wakeUps = DispatchSemaphore(value: 0)

  /// Threads that run jobs now, of all operations.
  private static let workingCount = Atomic(0)
  private static let coreCount = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let (wakes, helps) = state.withLock { state in
      state.append(job)
      if state.idleCount > 0 {
        state.idleCount -= 1
        return (true, false)
      }
      return (false, Self.addHelper(&state))
    }
    if wakes { wakeUps.signal() }
    if helps { startHelper() }
  }

  /// Runs jobs until the end; returns false when it has not come by the deadline.
  func wait(until deadline: DispatchTime) -> Bool {
    while true {
      let turn = state.withLock { state -> Turn in
        if state.isOver { return .over }
        state.wasWaitedFor = true
        if let job = state.next() { return .job(job) }
        state.idleCount += 1
        return .idle
      }
      switch turn {
      case .over: return true
      case .job(let job):
        run(job)
        // Whoever waits in pieces, to look for signals in between, comes to do so.
        if deadline != .distantFuture, DispatchTime.now() >= deadline { return leave() }
      case .idle:
        guard wakeUps.wait(timeout: deadline) == .timedOut else { continue }
        let isSignalled = state.withLock { state in
          // All idle threads were taken out: a signal is on its way to each of them.
          guard state.idleCount > 0 else { return true }
          state.idleCount -= 1
          return false
        }
        guard isSignalled else { return leave() }
        wakeUps.wait()
      }
    }
  }

  /// Ends a wait whose time is over, and leaves what is ready to a helper.
  /// - Returns: whether the operation is over.
  private func leave() -> Bool {
    let (isOver, helps) = state.withLock { state in
      (state.isOver, state.hasJobs && Self.addHelper(&state))
    }
    if helps { startHelper() }
    return isOver
  }

  /// Says that the operation is at its end.
  func end() {
    let idleCount = state.withLock { state in
      state.isOver = true
      defer { state.idleCount = 0 }
      return state.idleCount
    }
    for _ in 0..<idleCount { wakeUps.signal() }
  }

  /// Says that nobody will wait any more.
  func abandon() {
    let helps = state.withLock { state in
      state.isAbandoned = true
      return state.hasJobs && Self.addHelper(&state)
    }
    if helps { startHelper() }
  }

  // MARK: - Helpers

  /// - Returns: whether a helper is worth starting; it is counted then.
  private static func addHelper(_ state: inout State) -> Bool {
    let isNeeded = (state.isAbandoned || state.isOver) && state.helperCount == 0
    let isUseful = state.wasWaitedFor && workingCount.load(ordering: .relaxed) < coreCount
    guard isNeeded || isUseful else { return false }
    state.helperCount += 1
    return true
  }

  /// The queue's threads may block, unlike those of the task pool: its width grows when they do.
  private func startHelper() {
    DispatchQueue.global().async { [self] in
      while let job = nextForHelper() { run(job) }
    }
  }

  private func nextForHelper() -> UnownedJob? {
    state.withLock { state in
      let job = state.next()
      if job == nil { state.helperCount -= 1 }
      return job
    }
  }

  private func run(_ job: UnownedJob) {
    Self.workingCount.add(1, ordering: .relaxed)
    job.runSynchronously(on: asUnownedTaskExecutor())
    Self.workingCount.subtract(1, ordering: .relaxed)
  }
}
