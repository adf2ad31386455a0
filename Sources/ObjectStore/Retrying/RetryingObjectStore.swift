package import SternaBase
import Synchronization

/// Sends requests again as long as that can help: the identical request, after pauses with full jitter,
/// within the limits of a `RetryPolicy` and a budget that all requests share.
///
/// All verbs may be repeated. For a conditional put that is only half the truth: once an attempt had an
/// unknown outcome, whatever error ends the request has `mayHaveBeenApplied` set, `preconditionFailed` too.
package final class RetryingObjectStore: ObjectStore {
  private let base: any ObjectStore
  private let policy: RetryPolicy
  private let environment: Environment
  private let budget: Mutex<RetryBudget>

  package init(
    _ base: any ObjectStore, policy: RetryPolicy = RetryPolicy(), environment: Environment = .live
  ) {
    self.base = base
    self.policy = policy
    self.environment = environment
    self.budget = Mutex(RetryBudget(policy))
  }

  /// What is left of the budget.
  package var budgetTokenCount: Int { budget.withLock { $0.tokenCount } }

  package func get(_ key: String, range: GetRange) async throws -> GetResult {
    try await retrying(key) { try await base.get(key, range: range) }
  }

  package func head(_ key: String) async throws -> ObjectMetadata {
    try await retrying(key) { try await base.head(key) }
  }

  package func put(
    _ key: String, _ bytes: Bytes, mode: PutMode, digest: SHA256Digest?
  ) async throws -> PutResult {
    try await retrying(key, isPut: true) { try await base.put(key, bytes, mode: mode, digest: digest) }
  }

  package func copy(_ source: String, to key: String) async throws {
    try await retrying(key, isPut: true) { try await base.copy(source, to: key) }
  }

  package func delete(_ key: String) async throws {
    try await retrying(key) { try await base.delete(key) }
  }

  package func list(_ request: ListRequest) async throws -> ListPage {
    try await retrying(nil) { try await base.list(request) }
  }

  /// Keys whose failure may pass are named again; the others keep their first outcome.
  package func delete(_ keys: [String]) async throws -> [DeleteOutcome] {
    var outcomes = keys.map { DeleteOutcome(key: $0) }
    var pending = Array(keys.indices)
    var state = startState()
    while true {
      let failure: SternaError
      do {
        let answers = try await base.delete(pending.map { keys[$0] })
        for (index, answer) in zip(pending, answers) { outcomes[index].failure = answer.failure }
        pending = pending.filter { outcomes[$0].failure?.mayPass == true }
        guard let first = pending.first, let passing = outcomes[first].failure else {
          refund(state)
          return outcomes
        }
        failure = passing
      } catch {
        failure = SternaError(request: error, key: nil, isPut: false)
        for index in pending { outcomes[index].failure = failure }
      }
      do throws(SternaError) {
        try await pauseOrThrow(after: failure, &state)
      } catch {
        // With the outcome of any key at hand the rest is an outcome as well.
        guard outcomes.contains(where: { $0.failure == nil || $0.failure?.mayPass == false }) else {
          throw error
        }
        for index in pending { outcomes[index].failure = outcomes[index].failure.map(state.final) }
        return outcomes
      }
    }
  }

  private func retrying<Answer>(
    _ key: String?, isPut: Bool = false, _ request: () async throws -> Answer
  ) async throws(SternaError) -> Answer {
    var state = startState()
    while true {
      do {
        let answer = try await request()
        refund(state)
        return answer
      } catch {
        try await pauseOrThrow(after: SternaError(request: error, key: key, isPut: isPut), &state)
      }
    }
  }

  private func startState() -> RetryState {
    RetryState(policy: policy, nowNanoseconds: environment.monotonicNow())
  }

  private func refund(_ state: RetryState) { budget.withLock { $0.refund(state.withdrawnTokenCount) } }

  /// Waits until the next attempt, or throws what the caller should see.
  private func pauseOrThrow(
    after failure: SternaError, _ state: inout RetryState
  ) async throws(SternaError) {
    let decision = budget.withLock { budget in
      state.next(
        after: failure, nowNanoseconds: environment.monotonicNow(), budget: &budget,
        random: environment.random(below:))
    }
    switch decision {
    case .giveUp(let final):
      throw final
    case .retry(let nanoseconds):
      do {
        try await environment.sleep(nanoseconds)
      } catch {
        throw state.final(
          SternaError(.cancelled, "the task was cancelled between two attempts", key: failure.key))
      }
    }
  }
}

extension SternaError {
  /// What a request threw, as a `SternaError`. A put that ended in any foreign way may have taken effect.
  fileprivate init(request error: any Error, key: String?, isPut: Bool) {
    switch error {
    case let error as SternaError: self = error
    case is CancellationError:
      self.init(.cancelled, "the task was cancelled", key: key, mayHaveBeenApplied: isPut)
    default: self.init(.requestFailed, "\(error)", key: key, mayHaveBeenApplied: isPut, underlying: error)
    }
  }

  fileprivate var mayPass: Bool { retry != .never }
}
