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
    let current = Attempt(document: document, base: base, isFence: isFence)
    let isSentAgain = attempt == current
    attempt = current
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
      guard plan.tokenCell != nil else { return end(.unknown(operation: operationID), in: universe) }
      machine = nil
      phase = .handingOver(token: universe.number(of: .token(token)))
    }
  }

  mutating func end(_ claim: Claim, in universe: Universe) {
    claims.append(claim)
    machine = nil
    if case .failed = claim, !universe.holds(.losersKeepUploads), attempt != nil {
      phase = .deletingUploads
    } else if case .committed = claim, takesStagedPieces {
      phase = .removingExtras(count: 0)
    } else {
      beginNextOperation(in: universe)
    }
  }
}
