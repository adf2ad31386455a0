import SternaBase
import TestSupport
import Testing

@testable import ObjectStore

@Suite struct RetryStateTests {
  private static let second: Int64 = 1_000_000_000
  private let transient = SternaError(.unavailable, "t", retry: .transient)
  private let throttled = SternaError(.unavailable, "s", retry: .throttled(afterMilliseconds: nil))

  /// Pauses in milliseconds until the state gives up, with the largest jitter.
  private func pauses(
    _ error: SternaError, policy: RetryPolicy = RetryPolicy(), budget: inout RetryBudget
  ) -> [Int64] {
    var state = RetryState(policy: policy, nowNanoseconds: 0)
    var now: Int64 = 0
    var pauses: [Int64] = []
    while case .retry(let pause) = state.next(
      after: error, nowNanoseconds: now, budget: &budget, random: { $0 - 1 })
    {
      pauses.append(pause / 1_000_000)
      now += pause
    }
    return pauses
  }

  private func pauses(_ error: SternaError, policy: RetryPolicy = RetryPolicy()) -> [Int64] {
    var budget = RetryBudget(policy)
    return pauses(error, policy: policy, budget: &budget)
  }

  @Test("Pauses double from 50 ms, or 1 s when throttled, up to 20 s; the eighth failure is the last")
  func pausesDouble() {
    #expect(pauses(transient) == [50, 100, 200, 400, 800, 1_600, 3_200])
    #expect(pauses(throttled) == [1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000])
  }

  @Test("Full jitter: a pause may be anything from zero")
  func jitterIsFull() throws {
    var state = RetryState(policy: RetryPolicy(), nowNanoseconds: 0)
    var budget = RetryBudget(RetryPolicy())
    let decision = state.next(after: transient, nowNanoseconds: 0, budget: &budget, random: { _ in 0 })
    guard case .retry(0) = decision else { throw SternaError(.requestFailed, "\(decision)") }
  }

  @Test("The store's own wish is the least pause, and no wish overflows")
  func wishIsHonoured() {
    let wish = { SternaError(.unavailable, "s", retry: .throttled(afterMilliseconds: $0)) }
    #expect(pauses(wish(5_000)).first == 6_000)
    #expect(pauses(wish(-1)).first == 1_000)
    #expect(pauses(wish(.max)) == [])
  }

  @Test("No attempt begins behind the deadline")
  func deadlineHolds() {
    var policy = RetryPolicy()
    policy.deadlineMilliseconds = 7_000
    #expect(pauses(throttled, policy: policy) == [1_000, 2_000, 4_000])
    policy.deadlineMilliseconds = 6_999
    #expect(pauses(throttled, policy: policy) == [1_000, 2_000])
  }

  @Test("What cannot be helped is not tried again; a 409 always is")
  func classesDecide() {
    #expect(pauses(SternaError(.accessDenied, "d")) == [])
    #expect(pauses(SternaError(.preconditionFailed, "p")) == [])
    #expect(pauses(SternaError(.conditionalRequestConflict, "c")).count == 7)
  }

  @Test("Retries of all requests share 500 tokens: 14 for a transient fault, 5 for throttling")
  func budgetIsShared() {
    let policy = RetryPolicy()
    var budget = RetryBudget(policy)
    var retryCount = 0
    for _ in 0..<20 { retryCount += pauses(transient, budget: &budget).count }
    #expect(retryCount == 500 / 14 && budget.tokenCount == 500 - 35 * 14)
    budget = RetryBudget(policy)
    retryCount = 0
    for _ in 0..<20 { retryCount += pauses(throttled, budget: &budget).count }
    #expect(retryCount == 100 && budget.tokenCount == 0)
  }

  @Test("Success gives back what the request took, or one token, never above the start")
  func successRefunds() {
    var budget = RetryBudget(RetryPolicy())
    budget.refund(0)
    #expect(budget.tokenCount == 500)
    #expect(budget.withdraw(28) && budget.tokenCount == 472)
    budget.refund(0)
    budget.refund(14)
    #expect(budget.tokenCount == 487)
    #expect(!budget.withdraw(488) && budget.tokenCount == 487)
  }

  @Test("Once an attempt was ambiguous, every later error is; attempts are counted")
  func ambiguityStays() {
    let lost = SternaError(.unavailable, "l", retry: .transient, mayHaveBeenApplied: true)
    let refused = SternaError(.preconditionFailed, "p")
    for history in [[transient], [lost], [transient, lost], [lost, transient]] {
      var state = RetryState(policy: RetryPolicy(), nowNanoseconds: 0)
      var budget = RetryBudget(RetryPolicy())
      for error in history {
        _ = state.next(after: error, nowNanoseconds: 0, budget: &budget, random: { _ in 0 })
      }
      guard
        case .giveUp(let final) = state.next(
          after: refused, nowNanoseconds: 0, budget: &budget, random: { _ in 0 })
      else {
        Issue.record("a failed precondition was tried again")
        return
      }
      #expect(final.code == .preconditionFailed && final.attempts == history.count + 1)
      #expect(final.mayHaveBeenApplied == history.contains { $0.mayHaveBeenApplied })
    }
  }
}
