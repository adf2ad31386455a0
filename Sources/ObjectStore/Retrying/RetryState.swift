package import SternaBase

/// What is known about one request over its attempts, and the decision after each of them. Pure: the clock,
/// the budget and chance come in as arguments.
package struct RetryState: Sendable {
  package enum Decision: Sendable {
    /// Send the identical request again after a pause.
    case retry(afterNanoseconds: Int64)
    case giveUp(SternaError)
  }

  private let policy: RetryPolicy
  private let deadlineNanoseconds: Int64
  /// How many attempts have failed.
  package private(set) var failedAttemptCount = 0
  /// What retries of this request took from the budget.
  package private(set) var withdrawnTokenCount = 0
  /// Whether an earlier attempt may have taken effect, or may still do so.
  ///
  /// From then on no answer is the last word: "precondition failed" may be the echo of the request's own
  /// success. Only reading the object settles it, which is the caller's to do.
  private var mayHaveBeenApplied = false

  package init(policy: RetryPolicy, nowNanoseconds: Int64) {
    self.policy = policy
    self.deadlineNanoseconds = nowNanoseconds + Int64(policy.deadlineMilliseconds) * 1_000_000
  }

  /// Decides what follows a failed attempt. `random` draws uniformly below its argument.
  package mutating func next(
    after error: SternaError, nowNanoseconds: Int64, budget: inout RetryBudget,
    random: (Int64) -> Int64
  ) -> Decision {
    failedAttemptCount += 1
    mayHaveBeenApplied = mayHaveBeenApplied || error.mayHaveBeenApplied
    guard failedAttemptCount < policy.attemptCountMax,
      let pause = pause(after: error, random: random),
      nowNanoseconds + pause <= deadlineNanoseconds
    else { return .giveUp(final(error)) }

    let cost = error.isThrottled ? policy.throttledCost : policy.transientCost
    guard budget.withdraw(cost) else { return .giveUp(final(error)) }
    withdrawnTokenCount += cost
    return .retry(afterNanoseconds: pause)
  }

  /// The error as the caller should see it: with the attempts made, and with what is known of their effect.
  package func final(_ error: SternaError) -> SternaError {
    error.with {
      $0.attempts = failedAttemptCount
      $0.mayHaveBeenApplied = mayHaveBeenApplied || error.mayHaveBeenApplied
    }
  }

  /// Nil when trying again cannot help.
  private func pause(after error: SternaError, random: (Int64) -> Int64) -> Int64? {
    let bound = policy.pauseBoundMilliseconds(
      afterAttempt: failedAttemptCount, isThrottled: error.isThrottled)
    let jittered = random(Int64(bound) * 1_000_000 + 1)
    switch error.retry {
    case .throttled(let wished?):
      // The store's wish is the least; the jitter on top keeps its clients from coming back as one.
      // A day is over every deadline, and keeps a hostile number from overflowing.
      return Int64(min(max(wished, 0), 86_400_000)) * 1_000_000 + jittered
    case .transient, .throttled(nil):
      return jittered
    case .never:
      // 409 says only that another conditional request was in flight, whatever class the store gave it.
      return error.code == .conditionalRequestConflict ? jittered : nil
    }
  }
}

extension SternaError {
  /// The store asks for less load.
  var isThrottled: Bool {
    if case .throttled = retry { true } else { false }
  }
}
