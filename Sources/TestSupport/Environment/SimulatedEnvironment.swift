package import SternaBase
import Synchronization

/// An `Environment` in which time passes only as the test says and chance follows from a seed.
///
///     let simulated = SimulatedEnvironment(seed: 7)
///     let store = RetryingObjectStore(base, environment: simulated.environment)   // backs off in no time
///
/// - With `.automatic` time (the default) a sleep moves the clock to its end and returns: for one flow of
///   work, or for many when it does not matter which of them wakes first.
/// - With `.manual` time a sleep lasts until `advance` has moved the clock past its end; sleeps end in the
///   order of their deadlines, those of one deadline in the order in which they began.
package final class SimulatedEnvironment: Sendable {
  package enum TimeFlow: Sendable { case automatic, manual }

  private struct Sleeper {
    var id: Int
    var deadline: Int64
    var continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    /// Nanoseconds since the simulation began.
    var elapsed: Int64 = 0
    var random: SeededGenerator
    var sleepers: [Sleeper] = []
    var nextID = 0
    var sleptNanoseconds: [Int64] = []
  }

  /// 2024-01-01T00:00:00Z in nanoseconds: where the simulated calendar begins.
  package static let epochNanoseconds: Int64 = 1_704_067_200_000_000_000

  private let flow: TimeFlow
  private let state: Mutex<State>

  package init(seed: UInt64 = 1, time flow: TimeFlow = .automatic) {
    self.flow = flow
    self.state = Mutex(State(random: SeededGenerator(seed: seed)))
  }

  /// What the code under test is given.
  package var environment: Environment {
    Environment(
      now: { Self.epochNanoseconds + self.elapsedNanoseconds },
      monotonicNow: { self.elapsedNanoseconds },
      sleep: { try await self.sleep($0) },
      random: { self.state.withLock { $0.random.next() } }
    )
  }

  package var elapsedNanoseconds: Int64 { state.withLock { $0.elapsed } }

  /// Every sleep that was asked for, in order.
  package var sleptNanoseconds: [Int64] { state.withLock { $0.sleptNanoseconds } }

  /// How many sleeps wait for the clock to be advanced.
  package var sleeperCount: Int { state.withLock { $0.sleepers.count } }

  /// Moves the clock and ends the sleeps that are over, in the order of their deadlines.
  package func advance(byNanoseconds nanoseconds: Int64) {
    let woken = state.withLock { state in
      state.elapsed += nanoseconds
      let due = state.sleepers.filter { $0.deadline <= state.elapsed }
      state.sleepers.removeAll { $0.deadline <= state.elapsed }
      return due.sorted { ($0.deadline, $0.id) < ($1.deadline, $1.id) }
    }
    for sleeper in woken { sleeper.continuation.resume() }
  }

  /// Lets other tasks run until `count` sleeps wait for the clock.
  package func waitForSleepers(_ count: Int) async {
    while sleeperCount < count { await Task.yield() }
  }

  private func sleep(_ nanoseconds: Int64) async throws {
    try Task.checkCancellation()
    state.withLock { $0.sleptNanoseconds.append(nanoseconds) }
    switch flow {
    case .automatic:
      state.withLock { $0.elapsed += max(nanoseconds, 0) }
      await Task.yield()
      try Task.checkCancellation()
    case .manual:
      try await sleepUntilAdvanced(nanoseconds)
    }
  }

  private func sleepUntilAdvanced(_ nanoseconds: Int64) async throws {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        // Looked at under the lock that the handler takes: a task that is cancelled later finds its
        // sleeper.
        let isCancelled = state.withLock { state in
          if Task.isCancelled { return true }
          let deadline = state.elapsed + max(nanoseconds, 0)
          state.sleepers.append(Sleeper(id: id, deadline: deadline, continuation: continuation))
          return false
        }
        if isCancelled { continuation.resume(throwing: CancellationError()) }
      }
    } onCancel: {
      let sleeper = state.withLock { state in
        state.sleepers.firstIndex { $0.id == id }.map { state.sleepers.remove(at: $0) }
      }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
  }
}
