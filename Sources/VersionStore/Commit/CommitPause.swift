import SternaBase

/// The pause between two attempts on a contended ref: exponential with full jitter, so that writers that
/// collided once do not collide again (Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog,
/// 2015).
struct CommitPause: Sendable {
  let environment: Environment

  private static let nanosecondsBase: Int64 = 5_000_000
  private static let nanosecondsMax: Int64 = 2_000_000_000

  /// Waits, also when the task is cancelled: a pause that is cut short only makes the next request come
  /// earlier.
  func wait(round: Int) async {
    let ceiling = min(Self.nanosecondsMax, Self.nanosecondsBase << Int64(min(round, 16)))
    let nanoseconds = environment.random(below: ceiling)
    await Task { try? await environment.sleep(nanoseconds) }.value
  }
}
