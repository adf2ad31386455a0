import SternaBase

/// Which versions of a symbol to keep: a pure decision, from the list of versions to the numbers to prune.
///
/// A version is kept when any rule asks for it. The newest version that can be read is kept always, and a
/// policy without rules keeps everything: nobody loses data by a policy that was not filled in.
package struct RetentionPolicy: Hashable, Sendable {
  /// The newest `count` versions that can be read.
  package var keepLastCount: Int?
  /// Every version that was the newest at some time in the last so many nanoseconds: reading as of any
  /// instant of that period still gives what it gave then.
  package var keepForNanoseconds: Int64?
  /// The last version of each day (UTC) for so many days, today counted.
  package var keepDailyCount: Int?

  package init(keepLastCount: Int? = nil, keepForNanoseconds: Int64? = nil, keepDailyCount: Int? = nil) {
    self.keepLastCount = keepLastCount
    self.keepForNanoseconds = keepForNanoseconds
    self.keepDailyCount = keepDailyCount
  }

  package static let nanosecondsPerDay: Int64 = 86_400_000_000_000

  private var isEmpty: Bool {
    keepLastCount == nil && keepForNanoseconds == nil && keepDailyCount == nil
  }

  /// The numbers of the live versions that no rule keeps, ascending.
  /// - Parameters:
  ///   - entries: all versions of the symbol, oldest first, deleted ones included or not.
  ///   - now: nanoseconds since 1970 UTC.
  package func numbersToPrune(of entries: [VersionEntry], now: Int64) -> [UInt64] {
    let live = entries.filter(\.isLive)
    guard !isEmpty, let newest = live.last else { return [] }
    var kept: Set<UInt64> = [newest.number]
    kept.formUnion(live.suffix(max(0, keepLastCount ?? 0)).map(\.number))
    kept.formUnion(keptForPeriod(live, now: now))
    kept.formUnion(keptDaily(live, now: now))
    return live.map(\.number).filter { !kept.contains($0) }
  }

  private func keptForPeriod(_ live: [VersionEntry], now: Int64) -> [UInt64] {
    guard let period = keepForNanoseconds else { return [] }
    let (start, overflow) = now.subtractingReportingOverflow(max(0, period))
    // A version was the newest until its successor came.
    return zip(live, live.dropFirst()).filter { overflow || $1.time > start }.map(\.0.number)
  }

  private func keptDaily(_ live: [VersionEntry], now: Int64) -> [UInt64] {
    guard let count = keepDailyCount, count > 0 else { return [] }
    let firstDay = Self.day(of: now) - Int64(count) + 1
    var lastOfDay: [Int64: UInt64] = [:]
    for entry in live where Self.day(of: entry.time) >= firstDay {
      lastOfDay[Self.day(of: entry.time)] = entry.number
    }
    return Array(lastOfDay.values)
  }

  private static func day(of time: Int64) -> Int64 {
    time / nanosecondsPerDay - (time % nanosecondsPerDay < 0 ? 1 : 0)
  }
}
