import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import VersionStore

@Suite struct SnapshotMachineTests {
  private let mine = UniqueID(high: 1, low: 1)
  private let other = UniqueID(high: 2, low: 2)
  private let writeID = UniqueID(high: 9, low: 9)
  private let lost = SternaError(.unavailable, "lost", retry: .transient, mayHaveBeenApplied: true)
  private let refused = SternaError(.preconditionFailed, "412")
  private let denied = SternaError(.accessDenied, "403")

  private func machine(_ operation: SnapshotMachine.Operation, sends: Int = 2) -> SnapshotMachine {
    SnapshotMachine(operation, sendCountMax: sends) { [writeID] in writeID }
  }

  private func seen(
    _ phase: SnapshotStamp.Phase, _ creation: UniqueID, _ tag: String, wasLive: Bool = false
  ) -> SeenSnapshot {
    SeenSnapshot(stamp: stamp(phase, creation, wasLive: wasLive), tag: ETag(tag))
  }

  private func stamp(
    _ phase: SnapshotStamp.Phase, _ creation: UniqueID, wasLive: Bool = false
  ) -> SnapshotStamp {
    SnapshotStamp(phase: phase, creationID: creation, writeID: writeID, wasLive: wasLive)
  }

  private func afterPause(_ action: SnapshotMachine.Action) -> SnapshotMachine.Action {
    guard case .pause(_, let next) = action else { return action }
    return next
  }

  /// A creation whose pending object was sent on top of `base`.
  private func pendingSent(on base: SeenSnapshot = .absent) -> SnapshotMachine {
    var machine = machine(.create(mine))
    #expect(machine.handle(.started) == .read)
    #expect(machine.handle(.didRead(base)) == .gather)
    #expect(machine.handle(.didGather) == .put(stamp(.pending, mine), replacing: base))
    return machine
  }

  /// A creation whose pending object stands.
  private func pendingStands() -> SnapshotMachine {
    var machine = pendingSent()
    let pending = seen(.pending, mine, "p")
    #expect(machine.handle(.didPut(ETag("p"))) == .check(pending))
    return machine
  }

  private func expectFailure(_ action: SnapshotMachine.Action, _ code: SternaError.Code) {
    guard case .finish(.failed(let found, _)) = action else {
      Issue.record("\(action) instead of a failure")
      return
    }
    #expect(found == code)
  }

  @Test func successComesOnlyAfterLive() {
    var machine = pendingStands()
    let pending = seen(.pending, mine, "p")
    #expect(machine.handle(.didCheck(allLive: true)) == .put(stamp(.live, mine), replacing: pending))
    #expect(machine.handle(.didPut(ETag("l"))) == .finish(.done(seen(.live, mine, "l"))))
  }

  @Test func aVersionThatIsGoneWithdrawsIt() {
    var machine = pendingStands()
    let pending = seen(.pending, mine, "p")
    #expect(machine.handle(.didCheck(allLive: false)) == .put(stamp(.gone, mine), replacing: pending))
    expectFailure(machine.handle(.didPut(ETag("g"))), .conflict)
  }

  @Test func aNameThatIsGoneIsCreatedOnTopOfItsTombstone() {
    _ = pendingSent(on: seen(.gone, other, "g", wasLive: true))
  }

  @Test func aNameThatIsLiveIsRefused() {
    var machine = machine(.create(mine))
    _ = machine.handle(.started)
    expectFailure(machine.handle(.didRead(seen(.live, other, "l"))), .alreadyExists)
  }

  @Test func anothersPendingIsSettledFirst() {
    var machine = machine(.create(mine))
    _ = machine.handle(.started)
    let pending = seen(.pending, other, "p")
    #expect(machine.handle(.didRead(pending)) == .check(pending))
    var withdrawn = machine
    #expect(machine.handle(.didCheck(allLive: true)) == .put(stamp(.live, other), replacing: pending))
    #expect(machine.handle(.didPut(ETag("l"))) == .gather)
    expectFailure(machine.handle(.didNotGather(denied)), .accessDenied)
    #expect(
      withdrawn.handle(.didCheck(allLive: false)) == .put(stamp(.gone, other), replacing: pending))
    #expect(withdrawn.handle(.didPut(ETag("g"))) == .gather)
  }

  @Test func aLostAnswerIsSettledByReading() {
    var machine = pendingStands()
    _ = machine.handle(.didCheck(allLive: true))
    #expect(afterPause(machine.handle(.didNotPut(lost))) == .read)
    let live = seen(.live, mine, "l")
    #expect(machine.handle(.didRead(live)) == .finish(.done(live)))
  }

  @Test func oneThatWasLiveAndDeletedSinceWasCreated() {
    var machine = pendingStands()
    _ = machine.handle(.didCheck(allLive: true))
    _ = machine.handle(.didNotPut(lost))
    let gone = seen(.gone, mine, "g", wasLive: true)
    #expect(machine.handle(.didRead(gone)) == .finish(.done(gone)))
  }

  @Test func oneThatAnotherWithdrewWasNotCreated() {
    var machine = pendingStands()
    _ = machine.handle(.didCheck(allLive: true))
    _ = machine.handle(.didNotPut(refused))
    expectFailure(machine.handle(.didRead(seen(.gone, mine, "g"))), .conflict)
  }

  @Test func anotherCreationOnTopLeavesTheOutcomeUnknown() {
    var machine = pendingStands()
    _ = machine.handle(.didCheck(allLive: true))
    _ = machine.handle(.didNotPut(lost))
    #expect(machine.handle(.didRead(seen(.live, other, "x"))) == .finish(.unknown))
  }

  @Test func failureIsReportedOnlyWhenTheTagHasMoved() {
    var machine = pendingSent()
    // Sent twice without an answer; still nothing there: fenced off by a tombstone.
    #expect(afterPause(machine.handle(.didNotPut(lost))) == .read)
    #expect(
      afterPause(machine.handle(.didRead(.absent))) == .put(stamp(.pending, mine), replacing: .absent))
    _ = machine.handle(.didNotPut(lost))
    #expect(afterPause(machine.handle(.didRead(.absent))) == .put(stamp(.gone, mine), replacing: .absent))
    var late = machine
    expectFailure(machine.handle(.didPut(ETag("g"))), .unavailable)
    // The pending object was faster than its fence: it is taken further.
    #expect(afterPause(late.handle(.didNotPut(refused))) == .read)
    let pending = seen(.pending, mine, "p")
    #expect(late.handle(.didRead(pending)) == .check(pending))
  }

  @Test func aFenceWithoutAnAnswerLeavesTheOutcomeUnknown() {
    var machine = pendingSent()
    for _ in 0..<3 {
      _ = machine.handle(.didNotPut(lost))
      _ = machine.handle(.didRead(.absent))
    }
    _ = machine.handle(.didNotPut(lost))
    #expect(machine.handle(.didRead(.absent)) == .finish(.unknown))
  }

  @Test func aRefusalOfTheFirstPutIsTheAnswer() {
    var machine = pendingSent()
    expectFailure(machine.handle(.didNotPut(denied)), .accessDenied)
  }

  @Test func aCheckThatFailsWithdrawsTheOwnSnapshot() {
    var machine = pendingStands()
    let pending = seen(.pending, mine, "p")
    #expect(machine.handle(.didNotCheck(denied)) == .put(stamp(.gone, mine), replacing: pending))
    expectFailure(machine.handle(.didPut(ETag("g"))), .accessDenied)
  }

  @Test func aDeletionNamesTheCreationThatItEnds() {
    var machine = machine(.delete)
    _ = machine.handle(.started)
    let live = seen(.live, other, "l")
    #expect(
      machine.handle(.didRead(live)) == .put(stamp(.gone, other, wasLive: true), replacing: live))
    #expect(afterPause(machine.handle(.didNotPut(lost))) == .read)
    // It was made again by somebody: what was to be deleted is gone.
    let again = seen(.live, mine, "m")
    #expect(machine.handle(.didRead(again)) == .finish(.done(again)))
  }

  @Test func aDeletionWithoutAnAnswerIsUnknown() {
    var machine = machine(.delete)
    _ = machine.handle(.started)
    let live = seen(.live, other, "l")
    _ = machine.handle(.didRead(live))
    _ = machine.handle(.didNotPut(lost))
    _ = machine.handle(.didRead(live))
    _ = machine.handle(.didNotPut(lost))
    #expect(machine.handle(.didRead(live)) == .finish(.unknown))
  }

  @Test func whatIsNotThereCannotBeDeleted() {
    for seen in [.absent, seen(.gone, other, "g")] as [SeenSnapshot] {
      var machine = machine(.delete)
      _ = machine.handle(.started)
      expectFailure(machine.handle(.didRead(seen)), .snapshotNotFound)
    }
  }

  /// The retry of a creator that died between its two writes finds what it asked for.
  @Test(arguments: [true, false]) func whoCompletesASnapshotOfItsOwnVersionsIsToldSo(isSame: Bool) {
    var machine = machine(.create(mine))
    _ = machine.handle(.started)
    let pending = seen(.pending, other, "p")
    #expect(machine.handle(.didRead(pending)) == .check(pending))
    #expect(machine.handle(.didCheck(allLive: true)) == .put(stamp(.live, other), replacing: pending))
    #expect(machine.handle(.didPut(ETag("l"))) == .gather)
    let live = seen(.live, other, "l")
    #expect(machine.handle(.didGather) == .compare(live))
    expectFailure(machine.handle(.didCompare(isSame: isSame)), .alreadyExists)
    #expect(machine.lastError?.advice?.contains("nothing is left to do") == isSame)
  }
}
