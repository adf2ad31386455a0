import ObjectStore
import SternaBase

/// The decisions of creating, deleting or settling one snapshot, without their effects: events in, one
/// action out.
///
///     create:  read -> gather -> put pending -> check -+-> all versions live: put live -> created
///                                                      +-> one is gone:       put gone -> failed
///
/// - Pending comes before the check: from then on the collector sees the snapshot, so what the check finds
///   live stays. Success is reported only after live.
/// - Anyone may do the check of a pending snapshot that stands in the way, with the same outcome. Of many
///   creators one at most is told that it made a snapshot: also a creation that has completed one of its
///   own versions is told that it exists, and that it holds these. Most likely it is the retry of a creator
///   that died, but nothing tells that from a creator that is slow.
/// - A put whose answer is lost, 412, 404 and 409 are settled by reading. Failure is reported only when the
///   tag has moved away from the state that the last put named; until then the same request is sent again,
///   and in the end fenced off by a tombstone.
/// - A deletion names the creation that it ends: applied twice it does nothing.
package struct SnapshotMachine: Sendable {
  package enum Operation: Hashable, Sendable {
    case create(UniqueID)
    case delete
    /// Decide a pending snapshot for its creator, who may be gone for ever.
    case settle
  }

  package enum Action: Hashable, Sendable {
    case read
    /// Find the versions to hold; only of a creation, and only once.
    case gather
    /// Find out whether all versions of the pending snapshot that was seen are live in their refs.
    case check(SeenSnapshot)
    /// Find out whether the snapshot that was checked last holds what this creation has gathered.
    case compare(SeenSnapshot)
    /// Write the object with this stamp: the creator's contents when pending, the contents of what is
    /// replaced when live, none when gone. One stamp always stands for the same bytes.
    case put(SnapshotStamp, replacing: SeenSnapshot)
    /// Wait with full jitter, then do `then`; `round` counts the waits.
    indirect case pause(round: Int, then: Action)
    case finish(Outcome)
  }

  package enum Outcome: Hashable, Sendable {
    case done(SeenSnapshot)
    /// It did not happen and never will.
    case failed(SternaError.Code, message: String)
    /// It may have happened, or still may.
    case unknown
  }

  package enum Event: Sendable {
    case started
    case didRead(SeenSnapshot)
    case didNotRead(SternaError)
    case didGather
    case didNotGather(SternaError)
    case didCheck(allLive: Bool)
    case didNotCheck(SternaError)
    case didCompare(isSame: Bool)
    case didPut(ETag)
    case didNotPut(SternaError)
  }

  private struct Attempt: Sendable {
    let stamp: SnapshotStamp
    let base: SeenSnapshot
    /// True once an answer was lost: the request may have taken effect, or still may.
    var isAmbiguous = false
    var sendCount = 1
  }

  private let operation: Operation
  private let sendCountMax: Int
  private let makeWriteID: @Sendable () -> UniqueID
  private var attempt: Attempt?
  private var checking: SeenSnapshot?
  /// Another's creation that this one has checked.
  private var helped: UniqueID?
  /// What the creation's first put will replace, while the versions are gathered.
  private var gatheringOn: SeenSnapshot?
  private var hasGathered = false
  /// Whether the creation's own pending object may have stood at some time.
  private var mayHaveStood = false
  /// The creation that a deletion ends.
  private var target: UniqueID?
  private var pauseCount = 0
  /// Why the creation withdraws its own object, when that is not for a version that is gone.
  private var withdrawalCause: SternaError?
  /// The last thing that went wrong; of a failed operation, why it failed.
  package private(set) var lastError: SternaError?

  package init(
    _ operation: Operation, sendCountMax: Int = 3, makeWriteID: @escaping @Sendable () -> UniqueID
  ) {
    self.operation = operation
    self.sendCountMax = sendCountMax
    self.makeWriteID = makeWriteID
  }

  package mutating func handle(_ event: Event) -> Action {
    switch event {
    case .started: return .read
    case .didRead(let seen): return didRead(seen)
    case .didNotRead(let error): return didNotRead(error)
    case .didGather:
      hasGathered = true
      return decide(on: gatheringOn ?? .absent)
    case .didNotGather(let error): return fail(error)
    case .didCheck(let allLive): return didCheck(allLive: allLive)
    case .didNotCheck(let error): return didNotCheck(error)
    case .didCompare(let isSame): return fail(isSame ? Self.existsAlike : Self.exists)
    case .didPut(let tag): return didPut(tag)
    case .didNotPut(let error): return didNotPut(error)
    }
  }
}

// MARK: - What stands in the store

extension SnapshotMachine {
  private mutating func didRead(_ seen: SeenSnapshot) -> Action {
    if let attempt, seen.tag == attempt.base.tag { return didNotMove(attempt) }
    // The tag moved: whatever was sent has landed or never will.
    attempt = nil
    return decide(on: seen)
  }

  private mutating func decide(on seen: SeenSnapshot) -> Action {
    switch operation {
    case .create(let id): return create(id, on: seen)
    case .delete: return delete(seen)
    case .settle: return seen.stamp?.phase == .pending ? check(seen) : .finish(.done(seen))
    }
  }

  private mutating func create(_ id: UniqueID, on seen: SeenSnapshot) -> Action {
    if let stamp = seen.stamp, stamp.creationID == id {
      switch stamp.phase {
      case .pending: return check(seen)
      case .live: return .finish(.done(seen))
      case .gone: return stamp.wasLive ? .finish(.done(seen)) : fail(withdrawalCause ?? Self.withdrawn)
      }
    }
    // Somebody else's object. When mine may have stood before it, nothing tells any more what became of it.
    if mayHaveStood { return .finish(.unknown) }
    switch seen.stamp?.phase {
    case .live where seen.stamp?.creationID != helped: return fail(Self.exists)
    case .pending: return check(seen)
    case .live, .gone, nil:
      guard hasGathered else {
        gatheringOn = seen
        return .gather
      }
      if seen.stamp?.phase == .live { return .compare(seen) }
      return put(SnapshotStamp(phase: .pending, creationID: id, writeID: makeWriteID()), replacing: seen)
    }
  }

  private mutating func delete(_ seen: SeenSnapshot) -> Action {
    guard let stamp = seen.stamp, stamp.phase != .gone, target == nil || stamp.creationID == target else {
      return target == nil ? fail(Self.absent) : .finish(.done(seen))
    }
    target = stamp.creationID
    return put(gone(stamp), replacing: seen)
  }

  private mutating func check(_ seen: SeenSnapshot) -> Action {
    checking = seen
    if let stamp = seen.stamp, !isOwn(stamp) { helped = stamp.creationID }
    return .check(seen)
  }

  private mutating func didCheck(allLive: Bool) -> Action {
    guard let seen = checking, let stamp = seen.stamp else { preconditionFailure("a check not asked for") }
    guard allLive else { return put(gone(stamp), replacing: seen) }
    let live = SnapshotStamp(phase: .live, creationID: stamp.creationID, writeID: makeWriteID())
    return put(live, replacing: seen)
  }

  private mutating func didNotCheck(_ error: SternaError) -> Action {
    guard let seen = checking, let stamp = seen.stamp else { preconditionFailure("a check not asked for") }
    guard isOwn(stamp) else { return fail(error) }
    // Left pending, it could become live after its failure was reported.
    withdrawalCause = error
    return put(gone(stamp), replacing: seen)
  }

  private func gone(_ stamp: SnapshotStamp) -> SnapshotStamp {
    SnapshotStamp(
      phase: .gone, creationID: stamp.creationID, writeID: makeWriteID(), wasLive: stamp.wasLive)
  }

  private func isOwn(_ stamp: SnapshotStamp) -> Bool { operation == .create(stamp.creationID) }
}

// MARK: - Writing

extension SnapshotMachine {
  private mutating func put(_ stamp: SnapshotStamp, replacing base: SeenSnapshot) -> Action {
    attempt = Attempt(stamp: stamp, base: base)
    return .put(stamp, replacing: base)
  }

  private mutating func didPut(_ tag: ETag) -> Action {
    guard let current = attempt else { preconditionFailure("an answer to a put that was not sent") }
    attempt = nil
    if isOwn(current.stamp) { mayHaveStood = true }
    return decide(on: SeenSnapshot(stamp: current.stamp, tag: tag))
  }

  private mutating func didNotPut(_ error: SternaError) -> Action {
    guard var current = attempt else { preconditionFailure("an answer to a put that was not sent") }
    lastError = error
    if error.mayHaveBeenApplied {
      current.isAmbiguous = true
      if isOwn(current.stamp) { mayHaveStood = true }
    }
    attempt = current
    switch error.code {
    case .conditionalRequestConflict where current.sendCount < sendCountMax * 4:
      attempt?.sendCount += 1
      return pause(then: .put(current.stamp, replacing: current.base))
    case .preconditionFailed, .objectNotFound, .conditionalRequestConflict:
      return pause(then: .read)
    default:
      // A refusal that is certain, of a request that never was in doubt, is the answer; unless it leaves
      // the creation's own pending object behind.
      if !current.isAmbiguous, !mayHaveStood { return fail(error) }
      return pause(then: .read)
    }
  }

  /// The object is in the state that the put named: it may still land, or never has been sent.
  private mutating func didNotMove(_ current: Attempt) -> Action {
    if current.sendCount < sendCountMax {
      attempt?.sendCount += 1
      return pause(then: .put(current.stamp, replacing: current.base))
    }
    guard case .create(let id) = operation, current.base.stamp.map(isOwn) ?? true || mayHaveStood else {
      // A deletion may still land; nobody minds a settlement that does.
      guard current.isAmbiguous, operation == .delete else { return fail(lastError ?? Self.unanswered) }
      return .finish(.unknown)
    }
    if isWithdrawing(current) { return .finish(.unknown) }
    guard current.isAmbiguous || mayHaveStood else { return fail(lastError ?? Self.unanswered) }
    withdrawalCause = lastError
    let tombstone = SnapshotStamp(phase: .gone, creationID: id, writeID: makeWriteID())
    return pause(then: put(tombstone, replacing: current.base))
  }

  /// Whether a put is the tombstone of the creation's own object.
  private func isWithdrawing(_ attempt: Attempt) -> Bool {
    attempt.stamp.phase == .gone && isOwn(attempt.stamp)
  }

  private mutating func didNotRead(_ error: SternaError) -> Action {
    if mayHaveStood || (attempt?.isAmbiguous == true && operation != .settle) {
      lastError = error
      return .finish(.unknown)
    }
    return fail(error)
  }

  private mutating func fail(_ error: SternaError) -> Action {
    lastError = error
    return .finish(.failed(error.code, message: error.message))
  }

  private mutating func pause(then action: Action) -> Action {
    pauseCount += 1
    return .pause(round: pauseCount, then: action)
  }

  private static let withdrawn = SternaError(
    .conflict, "a version was deleted while the snapshot was made, which was therefore withdrawn",
    advice: "Try again.")
  private static let exists = SternaError(
    .alreadyExists, "a snapshot of that name exists",
    advice: "Delete it first, or choose another name.")
  private static let existsAlike = SternaError(
    .alreadyExists, "a snapshot of that name exists, of these versions and with this metadata",
    advice: "If an attempt of yours was cut off, that one has made it, and nothing is left to do.")
  private static let absent = SternaError(
    .snapshotNotFound, "there is no snapshot of that name", advice: "List the snapshots of the library.")
  private static let unanswered = SternaError(.unavailable, "the store did not take the snapshot")
}
