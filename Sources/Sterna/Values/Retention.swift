import VersionStore

/// Which versions of a symbol to keep. A version is kept when any rule asks for it; the newest is kept
/// always, and without rules everything is.
public struct Retention: Hashable, Sendable {
  /// The newest so many versions.
  public var lastCount: Int?
  /// Every version that was the newest at some time in the last so many days.
  public var dayCount: Int?
  /// The last version of each day (UTC) for so many days, today counted.
  public var dailyCount: Int?

  public init(lastCount: Int? = nil, dayCount: Int? = nil, dailyCount: Int? = nil) {
    self.lastCount = lastCount
    self.dayCount = dayCount
    self.dailyCount = dailyCount
  }

  var policy: RetentionPolicy {
    let period = dayCount.map {
      let (nanoseconds, overflow) = Int64($0).multipliedReportingOverflow(
        by: RetentionPolicy.nanosecondsPerDay)
      return overflow ? Int64.max : nanoseconds
    }
    return RetentionPolicy(
      keepLastCount: lastCount, keepForNanoseconds: period, keepDailyCount: dailyCount)
  }
}
