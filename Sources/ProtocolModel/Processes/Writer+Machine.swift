import ObjectStore
import SternaBase
import VersionStore

/// The conversation with the real state machine. Rules that are switched off change what it hears or says
/// here; the machine itself has no switches.
extension Writer {
  mutating func send(_ event: CommitMachine.Event, in universe: Universe) {
    guard var current = machine?.machine else { preconditionFailure("an event without a machine") }
    // The machine holds the only other reference while it works.
    machine = nil
    universe.ids.seed(drawer: drawer, base: currentBase, count: drawCount)
    let action = current.handle(event)
    drawCount = universe.ids.count
    machine = HashableMachine(machine: current)
    perform(action, in: universe)
  }

  private var currentBase: UInt32 {
    switch phase {
    case .building(let base, _, _): base
    default: attempt?.base ?? 0
    }
  }

  private mutating func perform(_ action: CommitMachine.Action, in universe: Universe) {
    switch action {
    case .pause(_, let next): perform(next, in: universe)
    case .read: phase = .reading
    case .build(let snapshot, let isRebase):
      drawCount = 0
      beginBuild(on: universe.number(of: snapshot), isRebase: isRebase, in: universe)
    case .lookUp(let version, let snapshot):
      phase = .lookingUp(version: version, base: universe.number(of: snapshot))
      if request(in: universe) == nil { send(.didLookUp(nil), in: universe) }
    case .put(let state, let snapshot): put(state, on: universe.number(of: snapshot), in: universe)
    case .finish(let outcome): finish(outcome, in: universe)
    }
  }

  private mutating func put(_ state: RefState, on base: UInt32, in universe: Universe) {
    var document = universe.number(of: state)
    let isFence = state.nextVersion == (universe.ref(base)?.nextVersion ?? 0)
    if isFence, !universe.holds(.failureIsFenced) {
      return end(.failed(operation: operationID), in: universe)
    }
    if isFence, base != 0, !universe.holds(.fenceHasNewID) { document = base }
    let isSentAgain = attempt == Attempt(document: document, base: base)
    attempt = Attempt(document: document, base: base)
    if isSentAgain, !isFence, !universe.holds(.attemptsShareCommitID) {
      series += 1
      return startMachine(on: base, in: universe)
    }
    phase = .putting(document: document, base: base)
  }

  /// What the machine is shown of a state that it asked for.
  func seen(_ document: UInt32, in universe: Universe) -> RefSnapshot {
    var snapshot = universe.snapshot(document)
    guard !universe.holds(.lookUpNamesEntry), let attempt, let head = snapshot.state?.recent.last,
      let first = snapshot.state?.recent.first
    else { return snapshot }
    // Looking at the newest version only: whoever made that made, it seems, mine too.
    let version = universe.snapshot(attempt.base).nextVersion
    guard version >= first.number, version <= head.number else { return snapshot }
    snapshot.state?.recent[Int(version - first.number)].commitID = head.commitID
    return snapshot
  }

  private mutating func finish(_ outcome: CommitMachine.Outcome, in universe: Universe) {
    switch outcome {
    case .committed(let entry, let snapshot):
      memory = universe.number(of: snapshot)
      end(.committed(operation: operationID, version: entry.number), in: universe)
    case .failed:
      end(.failed(operation: operationID), in: universe)
    case .unknown where !universe.holds(.unknownIsNotFailure):
      end(.failed(operation: operationID), in: universe)
    case .unknown(let token, _):
      guard plan.resolves else { return end(.unknown(operation: operationID), in: universe) }
      phase = .resolving(version: token.version)
    }
  }

  mutating func end(_ claim: Claim, in universe: Universe) {
    claims.append(claim)
    machine = nil
    if case .failed = claim, !universe.holds(.losersKeepUploads), attempt != nil {
      phase = .deletingUploads
    } else if case .committed = claim, case .commitStaged = operation {
      phase = .removingExtras(count: 0)
    } else {
      beginNextOperation(in: universe)
    }
  }
}

// MARK: - Settling a token

/// What another process can find out with nothing but the token. To be replaced by the real resolver.
extension Writer {
  mutating func didReadForToken(_ version: UInt64, _ answer: Answer, in universe: Universe) {
    guard case .document(let document) = answer else {
      return end(.unknown(operation: operationID), in: universe)
    }
    let snapshot = universe.snapshot(document)
    guard snapshot.nextVersion <= version else {
      guard let entry = snapshot.state.flatMap({ universe.entry(version, of: $0, symbol: symbol) }) else {
        return end(.unknown(operation: operationID), in: universe)
      }
      let isMine = entry.commitID.high == operationID
      return end(
        isMine
          ? .committed(operation: operationID, version: version) : .failed(operation: operationID),
        in: universe)
    }
    let id = universe.freshID(drawer: drawer | 1 << 20, base: document)
    var fence = snapshot.state ?? RefState(symbol: "S\(symbol)", writeID: id, isDeleted: true)
    fence.writeID = id
    phase = .fencing(version: version, document: universe.number(of: fence), base: document)
  }

  mutating func didFenceForToken(_ version: UInt64, _ answer: Answer, in universe: Universe) {
    if answer == .accepted { return end(.failed(operation: operationID), in: universe) }
    phase = .resolving(version: version)
  }
}
