#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Environment {
  /// The machine's clocks and its cryptographic random source.
  public static let live = Environment(
    now: { readClock(CLOCK_REALTIME) },
    monotonicNow: { readClock(CLOCK_MONOTONIC) },
    sleep: { try await Task.sleep(nanoseconds: UInt64(max($0, 0))) },
    random: {
      var generator = SystemRandomNumberGenerator()
      return generator.next()
    }
  )

  private static func readClock(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
