import ObjectStore
import SternaBase
import Testing

@testable import VersionStore

/// The machine's decisions, one literal event after the other.
@Suite struct CommitMachineTests {
  private let mine = UniqueID(high: 1, low: 1)
  private let other = UniqueID(high: 2, low: 2)

  private func makeMachine(limits: CommitMachine.Limits = .init()) -> CommitMachine {
    CommitMachine(symbol: "S", commitID: mine, limits: limits) { UniqueID(high: 99, low: 99) }
  }

  private func entry(_ number: UInt64, by commitID: UniqueID) -> VersionEntry {
    VersionEntry(
      number: number, commitID: commitID, time: Int64(number), operation: .append, content: nil)
  }

  private func state(_ commits: [UniqueID], writeID: UInt64 = 0) -> RefState {
    RefState(
      symbol: "S", writeID: UniqueID(high: 0, low: writeID), nextVersion: UInt64(commits.count),
      recent: commits.enumerated().map { entry(UInt64($0.offset), by: $0.element) })
  }

  private func snapshot(_ commits: [UniqueID], _ tag: String) -> RefSnapshot {
    RefSnapshot(state: state(commits), tag: ETag(tag))
  }

  private let conflict = SternaError(.preconditionFailed, "412")
  private let lost = SternaError(.unavailable, "lost", retry: .transient, mayHaveBeenApplied: true)
  private let denied = SternaError(.accessDenied, "403")

  /// Brings a machine to where its first attempt on `base` was sent.
  private func sent(on base: RefSnapshot, limits: CommitMachine.Limits = .init()) -> CommitMachine {
    var machine = makeMachine(limits: limits)
    #expect(machine.handle(.started(remembered: nil)) == .read)
    #expect(machine.handle(.didRead(base)) == .build(base, isRebase: false))
    let next = state((base.state?.recent.map(\.commitID) ?? []) + [mine])
    #expect(machine.handle(.didBuild(next)) == .put(next, replacing: base))
    return machine
  }

  /// What follows a pause.
  private func afterPause(_ action: CommitMachine.Action) -> CommitMachine.Action {
    guard case .pause(_, let next) = action else { return action }
    return next
  }

  @Test func anAcceptedPutIsTheCommit() {
    var machine = sent(on: .absent)
    let expected = RefSnapshot(state: state([mine]), tag: ETag("t"))
    #expect(machine.handle(.didPut(ETag("t"))) == .finish(.committed(entry(0, by: mine), expected)))
  }

  @Test func aRememberedStateSavesTheRead() {
    var machine = makeMachine()
    let remembered = snapshot([other], "a")
    #expect(machine.handle(.started(remembered: remembered)) == .build(remembered, isRebase: false))
  }

  @Test func aFailureOnARememberedStateIsJudgedOnAFreshOne() {
    var machine = makeMachine()
    _ = machine.handle(.started(remembered: snapshot([other], "a")))
    #expect(machine.handle(.didNotBuild(SternaError(.versionPruned, "gone"))) == .read)
    let fresh = snapshot([other, other], "b")
    #expect(machine.handle(.didRead(fresh)) == .build(fresh, isRebase: false))
    let error = SternaError(.schemaMismatch, "no")
    #expect(machine.handle(.didNotBuild(error)) == .finish(.failed(error)))
  }

  @Test func aLostAnswerIsSuccessWhenTheEntryIsMine() {
    var machine = sent(on: snapshot([other], "a"))
    #expect(afterPause(machine.handle(.didNotPut(lost))) == .read)
    let found = snapshot([other, mine], "b")
    #expect(machine.handle(.didRead(found)) == .finish(.committed(entry(1, by: mine), found)))
  }

  @Test func aCommitOnTopOfMineDoesNotHideIt() {
    var machine = sent(on: snapshot([other], "a"))
    _ = machine.handle(.didNotPut(lost))
    let found = snapshot([other, mine, other], "c")
    #expect(machine.handle(.didRead(found)) == .finish(.committed(entry(1, by: mine), found)))
  }

  @Test func anEntryThatMovedToHistoryIsLookedUp() {
    var machine = sent(on: snapshot([other], "a"))
    _ = machine.handle(.didNotPut(lost))
    var moved = state([other, mine, other, other])
    moved.recent.removeFirst(3)
    let found = RefSnapshot(state: moved, tag: ETag("z"))
    #expect(machine.handle(.didRead(found)) == .lookUp(version: 1, found))
    #expect(
      machine.handle(.didLookUp(entry(1, by: mine))) == .finish(.committed(entry(1, by: mine), found)))
  }

  @Test func anEntryThatIsGoneLeavesTheOutcomeUnknown() {
    var machine = sent(on: snapshot([other], "a"))
    _ = machine.handle(.didNotPut(lost))
    var moved = state([other, mine, other])
    moved.recent.removeFirst(2)
    _ = machine.handle(.didRead(RefSnapshot(state: moved, tag: ETag("z"))))
    let token = CommitToken(symbol: "S", version: 1, commitID: mine)
    #expect(machine.handle(.didLookUp(nil)) == .finish(.unknown(token, lost)))
  }

  @Test func anotherWritersEntryMeansRebase() {
    var machine = sent(on: snapshot([other], "a"))
    #expect(afterPause(machine.handle(.didNotPut(conflict))) == .read)
    let found = snapshot([other, other], "b")
    #expect(machine.handle(.didRead(found)) == .build(found, isRebase: true))
  }

  @Test func aMovedTagWithoutANewVersionMeansRebase() {
    var machine = sent(on: snapshot([other], "a"))
    _ = machine.handle(.didNotPut(conflict))
    let found = RefSnapshot(state: state([other], writeID: 5), tag: ETag("b"))
    #expect(machine.handle(.didRead(found)) == .build(found, isRebase: true))
  }

  @Test func anUnmovedTagSendsTheIdenticalRequestThenFences() {
    let base = snapshot([other], "a")
    var machine = sent(on: base, limits: .init(sendCountMax: 3))
    let next = state([other, mine])
    for _ in 1..<3 {
      #expect(afterPause(machine.handle(.didNotPut(lost))) == .read)
      #expect(afterPause(machine.handle(.didRead(base))) == .put(next, replacing: base))
    }
    _ = machine.handle(.didNotPut(lost))
    var fence = state([other])
    fence.writeID = UniqueID(high: 99, low: 99)
    #expect(afterPause(machine.handle(.didRead(base))) == .put(fence, replacing: base))
    // The fence took: the commit failed for certain.
    #expect(machine.handle(.didPut(ETag("f"))) == .finish(.failed(lost)))
  }

  @Test func aFenceThatCameTooLateFindsTheCommit() {
    let base = snapshot([other], "a")
    var machine = sent(on: base, limits: .init(sendCountMax: 1))
    _ = machine.handle(.didNotPut(lost))
    _ = machine.handle(.didRead(base))
    #expect(afterPause(machine.handle(.didNotPut(conflict))) == .read)
    let found = snapshot([other, mine], "b")
    #expect(machine.handle(.didRead(found)) == .finish(.committed(entry(1, by: mine), found)))
  }

  @Test func anAbsentRefIsFencedByATombstone() {
    var machine = sent(on: .absent, limits: .init(sendCountMax: 1))
    _ = machine.handle(.didNotPut(lost))
    guard case .put(let fence, .absent) = afterPause(machine.handle(.didRead(.absent))) else {
      Issue.record("no fence")
      return
    }
    #expect(fence.isDeleted && fence.nextVersion == 0)
  }

  @Test func fencesThatGetNoAnswerEndAsUnknown() {
    let base = snapshot([other], "a")
    var machine = sent(on: base, limits: .init(sendCountMax: 1, fenceCountMax: 2))
    var action = machine.handle(.didNotPut(lost))
    for _ in 0..<2 {
      _ = machine.handle(.didRead(base))
      action = machine.handle(.didNotPut(lost))
    }
    #expect(afterPause(action) == .read)
    let token = CommitToken(symbol: "S", version: 1, commitID: mine)
    #expect(machine.handle(.didRead(base)) == .finish(.unknown(token, lost)))
  }

  @Test func aStoreThatCannotBeReadLeavesALostAnswerUnknown() {
    var machine = sent(on: snapshot([other], "a"))
    _ = machine.handle(.didNotPut(lost))
    let token = CommitToken(symbol: "S", version: 1, commitID: mine)
    #expect(machine.handle(.didNotRead(lost)) == .finish(.unknown(token, lost)))
  }

  /// Found by search: PUT delivered twice (the second arrival's 412 is heard), GET without an answer.
  @Test func a412ThatCannotBeReadBackIsUnknown() {
    var machine = sent(on: snapshot([other], "a"))
    #expect(afterPause(machine.handle(.didNotPut(conflict))) == .read)
    let token = CommitToken(symbol: "S", version: 1, commitID: mine)
    #expect(machine.handle(.didNotRead(lost)) == .finish(.unknown(token, lost)))
  }

  /// Found by search: PUT 409 until the end, the last one with a copy still under way, which then lands.
  @Test func a409IsNoProofThatNothingWillLand() {
    let base = snapshot([other], "a")
    var machine = sent(on: base, limits: .init(sendCountMax: 1))
    var action = CommitMachine.Action.read
    for _ in 0..<4 {
      action = machine.handle(.didNotPut(SternaError(.conditionalRequestConflict, "409")))
    }
    #expect(afterPause(action) == .read)
    guard case .put(let fence, base) = afterPause(machine.handle(.didRead(base))) else {
      Issue.record("failure without a fence")
      return
    }
    #expect(fence.nextVersion == 1)
  }

  /// Found by search: PUT late, fence 409; what is sent again must not be the commit.
  @Test func a409ToAFenceSendsTheFenceAgain() {
    let base = snapshot([other], "a")
    var machine = sent(on: base, limits: .init(sendCountMax: 1))
    _ = machine.handle(.didNotPut(lost))
    let fence = afterPause(machine.handle(.didRead(base)))
    #expect(fence != .put(state([other, mine]), replacing: base))
    let again = machine.handle(.didNotPut(SternaError(.conditionalRequestConflict, "409")))
    #expect(afterPause(again) == fence)
  }

  @Test func aCertainRefusalIsTheAnswer() {
    var machine = sent(on: snapshot([other], "a"))
    #expect(machine.handle(.didNotPut(denied)) == .finish(.failed(denied)))
  }

  @Test func aRefusalAfterALostAnswerIsNoAnswer() {
    let base = snapshot([other], "a")
    var machine = sent(on: base)
    _ = machine.handle(.didNotPut(lost))
    _ = machine.handle(.didRead(base))
    #expect(afterPause(machine.handle(.didNotPut(denied))) == .read)
  }

  @Test func a409IsSentAgainUnchanged() {
    let base = snapshot([other], "a")
    var machine = sent(on: base)
    let again = machine.handle(.didNotPut(SternaError(.conditionalRequestConflict, "409")))
    #expect(afterPause(again) == .put(state([other, mine]), replacing: base))
  }

  @Test func aStoreThatRefusesAMatchingTagIsNamedAsUnsupported() {
    let base = snapshot([other], "a")
    var machine = sent(on: base, limits: .init(sendCountMax: 2))
    _ = machine.handle(.didNotPut(conflict))
    _ = machine.handle(.didRead(base))
    _ = machine.handle(.didNotPut(conflict))
    let error = SternaError(.unsupportedStore, "")
    #expect(machine.handle(.didRead(base)) == .finish(.failed(error)))
  }
}
