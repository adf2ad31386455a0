#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs all tasks of the process on one queue, in the order in which they become ready: what is drawn from
/// a seed then happens in the same order every time.
///
/// The concurrency runtime has a hook for whoever brings a scheduler of his own; where it is not found
/// (another runtime, a static one), tasks go on running in parallel.
enum SerialRuntime {
  private typealias Enqueue = @convention(thin) (UnownedJob) -> Void
  private typealias Hook = @convention(thin) (UnownedJob, Enqueue) -> Void

  /// - Returns: whether the hook was found.
  static func install() -> Bool {
    guard let symbol = dlsym(nil, "swift_task_enqueueGlobal_hook") else { return false }
    let hook = symbol.assumingMemoryBound(to: Hook?.self)
    hook.pointee = { job, _ in MainActor.shared.enqueue(job) }
    return true
  }
}
