import ObjectStore
import SternaBase

/// Runs a `SnapshotMachine` against a store: the thin shell around its decisions.
struct SnapshotLoop: Sendable {
  let name: ObjectName
  let snapshots: SnapshotStore
  let environment: Environment
  /// Finds the versions that a creation is to hold.
  let gather: @Sendable () async throws -> SnapshotContents
  /// Whether all members are live, with the same content, in their symbols' refs now.
  let areAllLive: @Sendable ([SnapshotMember]) async throws -> Bool

  /// What is at hand of the objects that the machine talks about.
  private struct Known {
    var own: SnapshotContents?
    /// Contents of the last pending object that was checked.
    var checked: (tag: ETag?, contents: SnapshotContents)?
    /// Time of what was seen last, kept in tombstones.
    var time: Int64 = 0
    var encoded: (stamp: SnapshotStamp, bytes: Bytes)?

    /// Whether the creation was asked for what the object that was checked holds. When it was made does not
    /// matter, nor in which form the ref keeps a version's tail.
    var hasWhatWasChecked: Bool {
      guard let own, let checked = checked?.contents else { return false }
      func versions(_ contents: SnapshotContents) -> Set<[String]> {
        Set(contents.members.map { [$0.symbol, "\($0.entry.number)", $0.entry.commitID.hex] })
      }
      return versions(own) == versions(checked) && own.metadata == checked.metadata
    }
  }

  /// - Returns: what stands at the end.
  /// - Throws: `alreadyExists`, `snapshotNotFound`, `conflict` (withdrawn), `commitStateUnknown`, and
  ///   whatever made the operation certainly fail.
  func run(_ operation: SnapshotMachine.Operation) async throws -> SeenSnapshot {
    var machine = SnapshotMachine(operation, makeWriteID: environment.makeUniqueID)
    var known = Known()
    var action = machine.handle(.started)
    while true {
      switch action {
      case .read: action = machine.handle(await read(&known))
      case .gather: action = machine.handle(await gather(&known))
      case .check(let seen): action = machine.handle(await check(seen, operation, &known))
      case .compare: action = machine.handle(.didCompare(isSame: known.hasWhatWasChecked))
      case .put(let stamp, let base): action = machine.handle(await put(stamp, replacing: base, &known))
      case .pause(let round, let next):
        await CommitPause(environment: environment).wait(round: round)
        action = next
      case .finish(let outcome): return try result(of: outcome, machine.lastError)
      }
    }
  }

  private func result(
    of outcome: SnapshotMachine.Outcome, _ error: SternaError?
  ) throws(SternaError) -> SeenSnapshot {
    switch outcome {
    case .done(let seen): return seen
    case .failed(let code, let message):
      throw (error ?? SternaError(code, message)).with { $0.key = $0.key ?? LibraryKeys.snapshot(name) }
    case .unknown:
      throw SternaError(
        .commitStateUnknown,
        "the store did not answer, so it is not known what became of snapshot '\(name.text)'",
        advice: "List the snapshots when the store answers; creating or deleting it again is safe.",
        key: LibraryKeys.snapshot(name), mayHaveBeenApplied: true, underlying: error)
    }
  }
}

// MARK: - Effects

extension SnapshotLoop {
  private func read(_ known: inout Known) async -> SnapshotMachine.Event {
    let (snapshots, name) = (snapshots, name)
    // From its first put on the operation must be settled, although the task may be cancelled.
    let opened = await Task { try await snapshots.open(name) }.result
    do {
      guard let opened = try opened.get() else { return .didRead(.absent) }
      known.time = opened.head.time
      return .didRead(opened.seen)
    } catch {
      return .didNotRead(SternaError(wrapping: error))
    }
  }

  private func gather(_ known: inout Known) async -> SnapshotMachine.Event {
    do {
      known.own = try await gather()
      try Task.checkCancellation()
      return .didGather
    } catch {
      return .didNotGather(SternaError(wrapping: error))
    }
  }

  private func check(
    _ seen: SeenSnapshot, _ operation: SnapshotMachine.Operation, _ known: inout Known
  ) async -> SnapshotMachine.Event {
    do {
      if let stamp = seen.stamp, operation == .create(stamp.creationID), let own = known.own {
        known.checked = (seen.tag, own)
      } else {
        guard let opened = try await snapshots.open(name) else { return .didRead(.absent) }
        guard opened.tag == seen.tag, let contents = try await snapshots.contents(of: opened) else {
          return .didRead(opened.seen)
        }
        known.checked = (opened.tag, contents)
      }
      guard let members = known.checked?.contents.members else { return .didCheck(allLive: false) }
      return .didCheck(allLive: try await areAllLive(members))
    } catch {
      return .didNotCheck(SternaError(wrapping: error))
    }
  }

  private func put(
    _ stamp: SnapshotStamp, replacing base: SeenSnapshot, _ known: inout Known
  ) async -> SnapshotMachine.Event {
    do {
      let bytes = try encode(stamp, replacing: base, &known)
      let (snapshots, name) = (snapshots, name)
      return .didPut(
        try await Task { try await snapshots.write(bytes, name: name, replacing: base) }.value)
    } catch {
      return .didNotPut(SternaError(wrapping: error))
    }
  }

  /// One stamp is always the same bytes, so that a request sent again is the identical one.
  private func encode(
    _ stamp: SnapshotStamp, replacing base: SeenSnapshot, _ known: inout Known
  ) throws -> Bytes {
    if let encoded = known.encoded, encoded.stamp == stamp { return encoded.bytes }
    let contents: SnapshotContents
    switch stamp.phase {
    case .gone: contents = SnapshotContents(time: known.own?.time ?? known.time)
    case .pending:
      guard let own = known.own else { preconditionFailure("a pending snapshot without contents") }
      contents = own
    case .live:
      guard let checked = known.checked, checked.tag == base.tag else {
        preconditionFailure("a snapshot goes live without having been checked")
      }
      contents = checked.contents
    }
    let bytes = try SnapshotHead.encode(contents, name: name.text, stamp: stamp)
    known.encoded = (stamp, bytes)
    return bytes
  }
}
