import SternaBase
import TestSupport
import Testing

@testable import VersionStore

@Suite struct RetentionPolicyTests {
  private static let day = RetentionPolicy.nanosecondsPerDay
  private static let hour = day / 24

  /// Versions at the given times, in hours; those in `deleted` without content.
  private func entries(hours: [Int64], deleted: Set<Int> = []) -> [VersionEntry] {
    hours.enumerated().map { number, hour in
      VersionEntry(
        number: UInt64(number), commitID: UniqueID(high: 1, low: UInt64(number)), time: hour * Self.hour,
        operation: .write,
        content: deleted.contains(number)
          ? nil
          : VersionContent(root: .empty, summary: .none, schema: .inline([]), columnsPerGroup: 1))
    }
  }

  private func pruned(_ policy: RetentionPolicy, _ entries: [VersionEntry], nowHour: Int64) -> [UInt64] {
    policy.numbersToPrune(of: entries, now: nowHour * Self.hour)
  }

  @Test func aPolicyWithoutRulesPrunesNothing() {
    #expect(pruned(RetentionPolicy(), entries(hours: [0, 1, 2]), nowHour: 1_000) == [])
  }

  @Test func theNewestVersionIsKeptWhateverTheRule() {
    for policy in [
      RetentionPolicy(keepLastCount: 0), RetentionPolicy(keepForNanoseconds: 0),
      RetentionPolicy(keepDailyCount: 0), RetentionPolicy(keepLastCount: -3, keepForNanoseconds: -1),
    ] {
      #expect(pruned(policy, entries(hours: [0, 1, 2], deleted: [2]), nowHour: 1_000) == [0])
    }
    #expect(pruned(RetentionPolicy(keepLastCount: 0), [], nowHour: 0) == [])
  }

  @Test func keepLastCountsOnlyVersionsThatCanBeRead() {
    let policy = RetentionPolicy(keepLastCount: 2)
    #expect(pruned(policy, entries(hours: [0, 1, 2, 3]), nowHour: 9) == [0, 1])
    #expect(pruned(policy, entries(hours: [0, 1, 2, 3], deleted: [2]), nowHour: 9) == [0])
  }

  @Test func keepForKeepsWhatWasTheNewestAtSomeTimeOfThePeriod() {
    let policy = RetentionPolicy(keepForNanoseconds: 5 * Self.hour)
    // At hour 5, where the period begins, version 1 (of hour 4) was the newest.
    #expect(pruned(policy, entries(hours: [0, 4, 6, 9]), nowHour: 10) == [0])
    #expect(
      pruned(RetentionPolicy(keepForNanoseconds: .max), entries(hours: [0, 4]), nowHour: -10) == [])
  }

  @Test func keepDailyKeepsTheLastOfEachDay() {
    let policy = RetentionPolicy(keepDailyCount: 2)
    // Days 0, 0, 1, 1, 2, 2; today is day 2.
    #expect(pruned(policy, entries(hours: [1, 2, 25, 26, 49, 50]), nowHour: 55) == [0, 1, 2, 4])
    // Before 1970 days end at midnight too.
    #expect(pruned(policy, entries(hours: [-2, -1, 1]), nowHour: 2) == [0])
  }

  @Test func rulesAddUp() {
    let policy = RetentionPolicy(keepLastCount: 1, keepForNanoseconds: Self.hour, keepDailyCount: 3)
    #expect(pruned(policy, entries(hours: [1, 2, 25, 26, 49, 50]), nowHour: 50) == [0, 2])
  }

  @Test func randomPoliciesNeverPruneWhatARuleKeeps() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<300 {
      var hour: Int64 = 0
      let hours = (0..<Int.random(in: 1...30, using: &random)).map { _ in
        hour += Int64.random(in: 1...20, using: &random)
        return hour
      }
      let all = entries(hours: hours)
      let last = Int.random(in: 1...5, using: &random)
      let gone = Set(
        pruned(
          RetentionPolicy(keepLastCount: last, keepForNanoseconds: 30 * Self.hour), all, nowHour: hour))
      #expect(gone.isDisjoint(with: all.suffix(last).map(\.number)), "seed \(seed)")
      // Reading as of any time of the period finds what it found before.
      for time in stride(from: max(hours[0], hour - 30), through: hour, by: 1) {
        let then = all.last { $0.time <= time * Self.hour }
        #expect(then.map { !gone.contains($0.number) } ?? true, "seed \(seed), hour \(time)")
      }
    }
  }
}
