/// How often, how long and how eagerly failed requests are sent again. The defaults are those of the AWS SDKs'
/// standard mode, with pauses that suit data.
package struct RetryPolicy: Hashable, Sendable {
  package var attemptCountMax = 8
  /// No attempt begins later than this behind the first.
  package var deadlineMilliseconds = 120_000
  /// The bound of the first pause; it doubles with every attempt.
  package var basePauseMilliseconds = 50
  package var throttledBasePauseMilliseconds = 1_000
  package var pauseMillisecondsMax = 20_000

  /// What all requests of one client may spend on retries together: when a store is down, retrying every
  /// request eight times would only keep it there.
  package var budgetTokenCount = 500
  package var transientCost = 14
  package var throttledCost = 5

  package init() {}

  /// The bound of the pause behind the given failed attempt (the first is 1).
  func pauseBoundMilliseconds(afterAttempt attempt: Int, isThrottled: Bool) -> Int {
    let base = isThrottled ? throttledBasePauseMilliseconds : basePauseMilliseconds
    // 2^30 times any base is over any cap; more would overflow.
    let doubled = base.multipliedReportingOverflow(by: 1 << min(attempt - 1, 30))
    return doubled.overflow ? pauseMillisecondsMax : min(doubled.partialValue, pauseMillisecondsMax)
  }
}

/// The tokens that the requests of one client share.
///
/// A request that succeeds in the end gives back what its retries took; one that succeeds at once adds a token,
/// so that a budget spent in an outage recovers with the store.
package struct RetryBudget: Hashable, Sendable {
  package private(set) var tokenCount: Int
  private let tokenCountMax: Int

  package init(_ policy: RetryPolicy) {
    self.tokenCount = policy.budgetTokenCount
    self.tokenCountMax = policy.budgetTokenCount
  }

  /// Takes tokens, or none when there are too few.
  package mutating func withdraw(_ count: Int) -> Bool {
    guard count <= tokenCount else { return false }
    tokenCount -= count
    return true
  }

  package mutating func refund(_ count: Int) {
    tokenCount = min(tokenCountMax, tokenCount + max(count, 1))
  }
}
