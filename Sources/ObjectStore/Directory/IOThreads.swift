#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A few threads for system calls that block (files, locks), shared by the whole process.
///
/// Swift's cooperative pool has one thread per core: four file locks waited for on it would stop all tasks.
/// Threads are started when there is more work than idle threads, up to a limit, and then stay.
///
/// - Invariant: `queue`, `idleCount` and `threadCount` are touched only while `mutex` is held; hence `@unchecked`.
final class IOThreads: @unchecked Sendable {
  static let shared = IOThreads(threadCountMax: 8)

  private let threadCountMax: Int
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let hasWork = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  /// Jobs from `head` on wait; those before it are done.
  private var queue: [@Sendable () -> Void] = []
  private var head = 0
  private var idleCount = 0
  private var threadCount = 0

  /// Its threads never end, so there is only the shared one.
  private init(threadCountMax: Int) {
    self.threadCountMax = threadCountMax
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(hasWork, nil)
  }

  /// Runs blocking work on one of the threads, in the order of the calls.
  func run<Answer: Sendable, Failure: Error>(
    _ work: @escaping @Sendable () throws(Failure) -> Answer
  ) async throws(Failure) -> Answer {
    let result: Result<Answer, Failure> = await withCheckedContinuation { continuation in
      submit { continuation.resume(returning: Result(catching: work)) }
    }
    return try result.get()
  }

  private func submit(_ job: @escaping @Sendable () -> Void) {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    queue.append(job)
    if queue.count - head > idleCount, threadCount < threadCountMax, startThread() { threadCount += 1 }
    // Without a single thread the job would wait for ever; with one it merely waits its turn.
    precondition(threadCount > 0, "the system starts no thread")
    pthread_cond_signal(hasWork)
  }

  private func startThread() -> Bool {
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    let main: @convention(c) (Context) -> UnsafeMutableRawPointer? = { _ in
      IOThreads.shared.workForever()
      return nil
    }
    guard pthread_create(&thread, nil, main, nil) == 0 else { return false }
    #if canImport(Darwin)
      if let thread { pthread_detach(thread) }
    #else
      pthread_detach(thread)
    #endif
    return true
  }

  #if canImport(Darwin)
    private typealias Context = UnsafeMutableRawPointer
  #else
    private typealias Context = UnsafeMutableRawPointer?
  #endif

  private func workForever() {
    while true { nextJob()() }
  }

  private func nextJob() -> @Sendable () -> Void {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while head == queue.count {
      idleCount += 1
      pthread_cond_wait(hasWork, mutex)
      idleCount -= 1
    }
    let job = queue[head]
    head += 1
    // Dropping done jobs in bulk keeps both ends of the queue O(1).
    if head == queue.count || head > 1_024 {
      queue.removeFirst(head)
      head = 0
    }
    return job
  }
}
