import ObjectStore
import SternaBase

/// The decisions of one commit, without its effects: events in, one action out.
///
///     start -> read -> build -> put -+-> committed
///               ^                    |
///               |                    +-> lost answer, 412, 404: read, then settle
///               |                            | entry n is mine ............ committed
///               +---- rebase <---------------| the tag moved, n not mine .. it never can land: build again
///                                            | the tag did not move ....... send again, in the end fence
///                                            | entry n is gone ............ unknown
///
/// An attempt conditioned on a state whose next version is n can only have become version n, and the commit
/// id stays the same over all attempts: so one look at entry n of a later state tells. Failure is reported
/// only once the tag has moved away from the state that the last attempt named; until then the request may
/// still be on its way.
/// `docs/format/store.md` gives the rules, each with what breaks without it.
package struct CommitMachine: Sendable {
  package enum Action: Hashable, Sendable {
    case read
    /// Derive the next state from this one, uploading whatever it references.
    case build(RefSnapshot, isRebase: Bool)
    /// Find the entry of a version that is no longer in the ref.
    case lookUp(version: UInt64, RefSnapshot)
    case put(RefState, replacing: RefSnapshot)
    /// Wait with full jitter, then do `then`; `round` counts the waits of this commit.
    indirect case pause(round: Int, then: Action)
    case finish(Outcome)
  }

  package enum Outcome: Hashable, Sendable {
    case committed(VersionEntry, RefSnapshot)
    /// It did not happen and never will.
    case failed(SternaError)
    /// It may have happened; the token settles it later.
    case unknown(CommitToken, SternaError)

    package static func == (left: Outcome, right: Outcome) -> Bool {
      switch (left, right) {
      case (.committed(let left, let leftState), .committed(let right, let rightState)):
        left == right && leftState == rightState
      case (.failed(let left), .failed(let right)): left.code == right.code
      case (.unknown(let left, _), .unknown(let right, _)): left == right
      default: false
      }
    }

    package func hash(into hasher: inout Hasher) {
      switch self {
      case .committed(let entry, _): hasher.combine(entry)
      case .failed(let error): hasher.combine(error.code)
      case .unknown(let token, _): hasher.combine(token)
      }
    }
  }

  package enum Event: Sendable {
    /// `remembered`: the state that this writer itself committed last, which saves reading it.
    case started(remembered: RefSnapshot?)
    case didRead(RefSnapshot)
    case didNotRead(SternaError)
    case didBuild(RefState)
    case didNotBuild(SternaError)
    case didLookUp(VersionEntry?)
    case didPut(ETag)
    case didNotPut(SternaError)
  }

  /// An attempt whose fate may be open: what was put on which state, and as which version.
  private struct Attempt: Sendable {
    let next: RefState
    let base: RefSnapshot
    /// True once an answer was lost: the request may have taken effect, or still may.
    var isAmbiguous = false
    var sendCount = 1
    var isFence = false
    var version: UInt64 { base.nextVersion }
  }

  private let symbol: String
  private let commitID: UniqueID
  /// Draws the ids of fences: a fence with the bytes of the state it replaces would have its ETag.
  private let makeWriteID: @Sendable () -> UniqueID
  private let limits: Limits

  private var attempt: Attempt?
  private var settlingOn: RefSnapshot?
  private var baseIsRemembered = false
  private var base = RefSnapshot.absent
  private var lastError: SternaError?
  private var pauseCount = 0
  private var rebaseCount = 0

  package struct Limits: Hashable, Sendable {
    /// How often an unanswered request is sent again before it is fenced off.
    package var sendCountMax: Int
    package var fenceCountMax: Int
    package var rebaseCountMax: Int

    package init(sendCountMax: Int = 3, fenceCountMax: Int = 3, rebaseCountMax: Int = 10_000) {
      self.sendCountMax = sendCountMax
      self.fenceCountMax = fenceCountMax
      self.rebaseCountMax = rebaseCountMax
    }
  }

  package init(
    symbol: String, commitID: UniqueID, limits: Limits = Limits(),
    makeWriteID: @escaping @Sendable () -> UniqueID
  ) {
    self.symbol = symbol
    self.commitID = commitID
    self.limits = limits
    self.makeWriteID = makeWriteID
  }

  package mutating func handle(_ event: Event) -> Action {
    switch event {
    case .started(let remembered):
      guard let remembered else { return .read }
      baseIsRemembered = true
      return build(on: remembered)
    case .didRead(let snapshot):
      return attempt == nil ? build(on: snapshot) : settle(on: snapshot)
    case .didNotRead(let error): return didNotRead(error)
    case .didBuild(let next):
      attempt = Attempt(next: next, base: base)
      return .put(next, replacing: base)
    case .didNotBuild(let error): return didNotBuild(error)
    case .didLookUp(let entry): return didLookUp(entry)
    case .didPut(let tag): return didPut(tag)
    case .didNotPut(let error): return didNotPut(error)
    }
  }
}

// MARK: - Transitions

extension CommitMachine {
  private mutating func build(on snapshot: RefSnapshot) -> Action {
    base = snapshot
    attempt = nil
    return .build(snapshot, isRebase: rebaseCount > 0)
  }

  private mutating func didNotBuild(_ error: SternaError) -> Action {
    // What was remembered may be long out of date: only a fresh state can prove that the operation is
    // impossible.
    guard baseIsRemembered, error.code != .cancelled else { return .finish(.failed(error)) }
    baseIsRemembered = false
    return .read
  }

  private func didNotRead(_ error: SternaError) -> Action {
    guard let attempt, attempt.isAmbiguous || attempt.isFence else { return .finish(.failed(error)) }
    return .finish(.unknown(token(of: attempt), error))
  }

  private mutating func didPut(_ tag: ETag) -> Action {
    guard let attempt else { preconditionFailure("an answer to a put that was not sent") }
    if attempt.isFence { return .finish(.failed(fencedOff)) }
    guard let entry = attempt.next.recentEntry(attempt.version) else {
      preconditionFailure("a state without the version that it commits")
    }
    return .finish(.committed(entry, RefSnapshot(state: attempt.next, tag: tag)))
  }

  private mutating func didNotPut(_ error: SternaError) -> Action {
    guard var current = attempt else { preconditionFailure("an answer to a put that was not sent") }
    lastError = error
    if error.mayHaveBeenApplied { current.isAmbiguous = true }
    attempt = current
    switch error.code {
    case .conditionalRequestConflict where current.sendCount < limits.sendCountMax * 4:
      attempt?.sendCount += 1
      return pause(then: .put(current.next, replacing: current.base))
    case .preconditionFailed, .objectNotFound, .conditionalRequestConflict:
      // Somebody committed: wait a little, so that n writers in step fall out of step.
      return pause(then: .read)
    default:
      // A refusal that is certain, of a request that never was in doubt, is simply the answer.
      if !current.isAmbiguous, !current.isFence { return .finish(.failed(error)) }
      return pause(then: .read)
    }
  }

  /// The read-back of an attempt; see the drawing above for its cases.
  private mutating func settle(on snapshot: RefSnapshot) -> Action {
    guard let attempt else { return build(on: snapshot) }
    if snapshot.tag == attempt.base.tag { return didNotMove(attempt) }
    let version = attempt.version
    // The tag moved without a new version (a fence, an epoch): the attempt can no longer land.
    guard snapshot.nextVersion > version else { return rebase(on: snapshot) }
    if let entry = snapshot.state?.recentEntry(version) { return decide(entry, on: snapshot) }
    settlingOn = snapshot
    return .lookUp(version: version, snapshot)
  }

  private mutating func didLookUp(_ entry: VersionEntry?) -> Action {
    guard let snapshot = settlingOn, let attempt else {
      preconditionFailure("a look-up that was not asked for")
    }
    settlingOn = nil
    guard let entry else { return .finish(.unknown(token(of: attempt), lastErrorOrDefault)) }
    return decide(entry, on: snapshot)
  }

  private mutating func decide(_ entry: VersionEntry, on snapshot: RefSnapshot) -> Action {
    entry.commitID == commitID ? .finish(.committed(entry, snapshot)) : rebase(on: snapshot)
  }

  private mutating func rebase(on snapshot: RefSnapshot) -> Action {
    if attempt?.isFence == true { return .finish(.failed(fencedOff)) }
    rebaseCount += 1
    baseIsRemembered = false
    guard rebaseCount <= limits.rebaseCountMax else {
      let error = SternaError(
        .conflict, "symbol '\(symbol)' changed under the commit \(rebaseCount - 1) times in a row",
        advice: "Try again when fewer writers commit to it.")
      return .finish(.failed(error))
    }
    return build(on: snapshot)
  }

  /// The state is the one that the attempt named: it may still land, or never has been sent.
  private mutating func didNotMove(_ current: Attempt) -> Action {
    if !current.isAmbiguous, current.sendCount >= limits.sendCountMax {
      let error = SternaError(
        .unsupportedStore,
        "the store refuses a conditional write although the object is in the state that it names",
        advice: "Run `sterna doctor` on the store: its conditional writes do not work.")
      return .finish(.failed(error))
    }
    if !current.isFence, current.sendCount < limits.sendCountMax {
      attempt?.sendCount += 1
      return pause(then: .put(current.next, replacing: current.base))
    }
    if current.isFence, current.sendCount >= limits.fenceCountMax {
      return .finish(.unknown(token(of: current), lastErrorOrDefault))
    }
    return pause(then: fence(current))
  }

  /// Replaces the state by itself under a new id (an absent one by a tombstone): whatever is still on its
  /// way names a tag that then is gone for ever.
  private mutating func fence(_ current: Attempt) -> Action {
    var fence = current
    fence.isFence = true
    fence.sendCount = current.isFence ? current.sendCount + 1 : 1
    attempt = fence
    var state =
      current.base.state ?? RefState(symbol: symbol, writeID: makeWriteID(), epoch: 0, isDeleted: true)
    state.writeID = makeWriteID()
    return .put(state, replacing: current.base)
  }

  private mutating func pause(then action: Action) -> Action {
    pauseCount += 1
    return .pause(round: pauseCount, then: action)
  }

  private func token(of attempt: Attempt) -> CommitToken {
    CommitToken(symbol: symbol, version: attempt.version, commitID: commitID)
  }

  /// Why the commit failed, once it is certain that it did and always will have.
  private var fencedOff: SternaError { lastErrorOrDefault.with { $0.mayHaveBeenApplied = false } }

  private var lastErrorOrDefault: SternaError {
    lastError ?? SternaError(.unavailable, "the commit could not be settled")
  }
}
