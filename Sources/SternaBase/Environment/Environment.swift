/// Time, randomness and waiting, injected: nothing in Sterna reads a clock or draws a random number in any
/// other way, so a test that supplies an environment replays bit for bit.
public struct Environment: Sendable {
  /// Nanoseconds since 1970-01-01 UTC: what is written in versions and signatures, never used to decide
  /// order.
  public var now: @Sendable () -> Int64
  /// Nanoseconds of a clock that never goes back: deadlines and durations.
  public var monotonicNow: @Sendable () -> Int64
  /// Suspends for the given nanoseconds; throws `CancellationError` when the task is cancelled.
  public var sleep: @Sendable (_ nanoseconds: Int64) async throws -> Void
  /// 64 uniformly random bits.
  public var random: @Sendable () -> UInt64

  public init(
    now: @escaping @Sendable () -> Int64,
    monotonicNow: @escaping @Sendable () -> Int64,
    sleep: @escaping @Sendable (Int64) async throws -> Void,
    random: @escaping @Sendable () -> UInt64
  ) {
    self.now = now
    self.monotonicNow = monotonicNow
    self.sleep = sleep
    self.random = random
  }

  /// A fresh 128-bit id.
  public func makeUniqueID() -> UniqueID { UniqueID(high: random(), low: random()) }

  /// A uniformly random number below `bound` (full jitter of a backoff).
  public func random(below bound: Int64) -> Int64 {
    precondition(bound > 0)
    return Int64(random().multipliedFullWidth(by: UInt64(bound)).high)
  }
}
