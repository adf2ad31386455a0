import SternaBase

/// The pause between two attempts on a ref, with full jitter, so that writers that collided once do not
/// collide again (Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015).
struct CommitPause: Sendable {
  let environment: Environment

  private static let nanosecondsBase: Int64 = 5_000_000
  private static let nanosecondsMax: Int64 = 2_000_000_000

  /// Waits because something went wrong: the longer, the more often it did.
  func wait(round: Int) async {
    await wait(upTo: min(Self.nanosecondsMax, Self.nanosecondsBase << Int64(min(round, 16))))
  }

  /// Waits, also when the task is cancelled: a pause that is cut short only makes the next request come
  /// earlier.
  func wait(upTo nanoseconds: Int64) async {
    let drawn = environment.random(below: max(1, nanoseconds))
    await Task { try? await environment.sleep(drawn) }.value
  }
}
