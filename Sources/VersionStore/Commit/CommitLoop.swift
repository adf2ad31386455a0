import ObjectStore
import SternaBase

/// Runs a `CommitMachine` against a store: the thin shell around its decisions.
package struct CommitLoop: Sendable {
  let refs: RefStore
  let blocks: BlockStore
  let environment: Environment
  let attempts: AttemptClock
  let limits: CommitMachine.Limits
  let concurrency: Int
  let history: HistoryLimits
  let tail: TailLimits

  package struct Committed: Sendable {
    package var entry: VersionEntry
    package var snapshot: RefSnapshot
  }

  init(
    refs: RefStore, blocks: BlockStore, environment: Environment, attempts: AttemptClock,
    limits: CommitMachine.Limits = .init(), concurrency: Int = 16,
    history: HistoryLimits = HistoryLimits(), tail: TailLimits = TailLimits()
  ) {
    self.refs = refs
    self.blocks = blocks
    self.environment = environment
    self.attempts = attempts
    self.limits = limits
    self.concurrency = concurrency
    self.history = history
    self.tail = tail
  }

  /// - Throws: `conflict` when the operation no longer applies, `commitStateUnknown` when it cannot be
  ///   settled, and whatever made the commit certainly fail.
  package func commit(_ builder: any VersionBuilder, remembered: RefSnapshot?) async throws -> Committed {
    let commitID = UniqueID(high: attempts.writer, low: environment.random())
    var wasOvertaken = false
    var began = environment.monotonicNow()
    var machine = CommitMachine(
      symbol: blocks.symbol.text, commitID: commitID, limits: limits, makeWriteID: environment.makeUniqueID)
    var action = machine.handle(.started(remembered: remembered))
    while true {
      switch action {
      case .read:
        began = environment.monotonicNow()
        action = machine.handle(await read())
      case .build(let base, let isRebase):
        action = machine.handle(await build(builder, commitID: commitID, on: base, isRebase: isRebase))
      case .lookUp(let version, let snapshot): action = machine.handle(await lookUp(version, in: snapshot))
      case .put(let state, let base):
        let event = await put(state, replacing: base)
        attempts.note(nanoseconds: environment.monotonicNow() - began)
        wasOvertaken = event.isRefusedCondition
        action = machine.handle(event)
      case .pause(let round, let next):
        await pause(round: round, wasOvertaken ? machine.base : nil)
        action = next
      case .finish(let outcome): return try Self.result(of: outcome)
      }
    }
  }

  /// - Parameter overtaken: the state that another writer has replaced, when that is why.
  private func pause(round: Int, _ overtaken: RefSnapshot?) async {
    let pause = CommitPause(environment: environment)
    guard let overtaken else { return await pause.wait(round: round) }
    let contention = Contention(
      on: overtaken.state, writer: attempts.writer, attemptNanoseconds: attempts.nanoseconds,
      now: environment.now())
    await pause.wait(upTo: contention.pauseNanosecondsBound(afterLosses: round))
  }

  private static func result(of outcome: CommitMachine.Outcome) throws(SternaError) -> Committed {
    switch outcome {
    case .committed(let entry, let snapshot): return Committed(entry: entry, snapshot: snapshot)
    case .failed(let error): throw error
    case .unknown(let token, let error):
      throw SternaError(
        .commitStateUnknown, "the store did not answer, so it is not known whether the commit took effect",
        advice: "`sterna resolve` settles it when the store answers; its commit token is \(token.text).",
        key: error.key, mayHaveBeenApplied: true, underlying: error
      ).with { $0.commitToken = token.text }
    }
  }
}

extension CommitMachine.Event {
  /// Somebody else was faster; nothing went wrong.
  fileprivate var isRefusedCondition: Bool {
    if case .didNotPut(let error) = self { error.code == .preconditionFailed } else { false }
  }
}

// MARK: - Effects

extension CommitLoop {
  private func build(
    _ builder: any VersionBuilder, commitID: UniqueID, on base: RefSnapshot, isRebase: Bool
  ) async -> CommitMachine.Event {
    do {
      try Task.checkCancellation()
      let built = try await builder.buildVersion(on: base, isRebase: isRebase)
      let state = base.state ?? RefState(symbol: blocks.symbol.text, writeID: commitID)
      let entry = VersionEntry(
        number: state.nextVersion, commitID: commitID, time: state.nextTime(now: environment.now()),
        operation: builder.operation, content: built.content, tokens: builder.tokens)
      var next = state.appending(
        entry, continuing: built.continuedTail, writeID: environment.makeUniqueID())
      if builder.prunesPreviousVersions { next = next.deletingVersions(below: entry.number) }
      let flush = TailFlush(blocks: blocks, limits: tail, concurrency: concurrency)
      try await flush.flushIdle(&next)
      try await HistorySpill(blocks: blocks, tailFlush: flush, limits: history, concurrency: concurrency)
        .spillIfNeeded(&next)
      try Task.checkCancellation()
      return .didBuild(next)
    } catch {
      return .didNotBuild(SternaError(wrapping: error))
    }
  }

  /// From here on the commit may take effect: the request and its settling run to their end although the
  /// task that asked for them is cancelled, or nobody would know what happened.
  private func put(_ state: RefState, replacing base: RefSnapshot) async -> CommitMachine.Event {
    let bytes = state.encode()
    assert(bytes.count <= RefState.byteCountMax)
    return await Task {
      do {
        return .didPut(try await refs.write(bytes, of: blocks.symbol, replacing: base))
      } catch {
        return .didNotPut(SternaError(wrapping: error))
      }
    }.value
  }

  private func read() async -> CommitMachine.Event {
    await Task {
      do {
        return .didRead(try await refs.read(blocks.symbol))
      } catch {
        return .didNotRead(SternaError(wrapping: error))
      }
    }.value
  }

  private func lookUp(_ version: UInt64, in snapshot: RefSnapshot) async -> CommitMachine.Event {
    await Task {
      do {
        guard let state = snapshot.state else { return .didLookUp(nil) }
        return .didLookUp(
          try await HistoryReader(blocks: blocks, concurrency: concurrency).entry(version, of: state))
      } catch {
        return .didNotRead(SternaError(wrapping: error))
      }
    }.value
  }
}
