import Synchronization

/// Who this writer is, for other writers to count, and how long its attempts at commits take.
final class AttemptClock: Sendable {
  /// The first half of the ids of all its commits.
  let writer: UInt64
  private let nanosecondsSmoothed: Mutex<Int64>

  private static let nanosecondsAtFirst: Int64 = 5_000_000
  private static let nanosecondsMin: Int64 = 500_000

  init(writer: UInt64) {
    self.writer = writer
    nanosecondsSmoothed = Mutex(Self.nanosecondsAtFirst)
  }

  var nanoseconds: Int64 { nanosecondsSmoothed.withLock { $0 } }

  /// Notes how long an attempt took; a single slow one changes little.
  func note(nanoseconds taken: Int64) {
    nanosecondsSmoothed.withLock { $0 = max(Self.nanosecondsMin, $0 + (taken - $0) / 8) }
  }
}
