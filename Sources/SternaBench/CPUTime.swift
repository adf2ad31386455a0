#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The time that this process has computed, whatever else the machine did meanwhile.
enum CPUTime {
  static func nanoseconds() -> Int64 {
    var usage = rusage()
    // 0 is RUSAGE_SELF, which C libraries declare differently.
    _ = getrusage(0, &usage)
    return nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime)
  }

  /// The fastest of several times: whatever else the machine does only adds.
  static func fastest(_ count: Int, _ work: () throws -> Void) rethrows -> Double {
    var fastest = Int64.max
    for _ in 0..<count {
      let start = nanoseconds()
      try work()
      fastest = min(fastest, nanoseconds() - start)
    }
    return Double(max(1, fastest))
  }

  private static func nanoseconds(_ time: timeval) -> Int64 {
    Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_usec) * 1_000
  }
}
