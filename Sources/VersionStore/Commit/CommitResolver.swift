import ObjectStore
import SternaBase

/// Settles a commit whose outcome its writer could not learn, with nothing but its token: the decisions,
/// without their effects.
///
///     read ─┬─► entry n is there ─► mine: committed │ another's: never committed │ dropped: unknown
///           └─► there is no version n yet ─► fence: the same state under a new write id
///                  ├─► accepted: never committed     (whatever is on its way names a tag that is gone)
///                  └─► anything else: read again; a tag that moved since the first read settles it, too
///
/// The writer has stopped, so the state that its last attempt named is no younger than the first one read
/// here.
package struct CommitResolver: Sendable {
  package enum Action: Hashable, Sendable {
    case read
    case lookUp(version: UInt64, RefSnapshot)
    case put(RefState, replacing: RefSnapshot)
    case finish(Outcome)
  }

  package enum Outcome: Hashable, Sendable {
    case committed(VersionEntry)
    /// It did not happen and never will.
    case notCommitted
    /// The entry that could tell is gone.
    case unknown
  }

  package enum Event: Sendable {
    case started
    case didRead(RefSnapshot)
    case didLookUp(VersionEntry?)
    case didPut
    /// Refused, or the answer was lost: the next read tells.
    case didNotPut
  }

  private let token: CommitToken
  private let makeWriteID: @Sendable () -> UniqueID
  private var firstSeen: RefSnapshot?

  package init(_ token: CommitToken, makeWriteID: @escaping @Sendable () -> UniqueID) {
    self.token = token
    self.makeWriteID = makeWriteID
  }

  /// What decides the actions to come.
  package var fingerprint: [RefSnapshot] { [firstSeen].compactMap { $0 } }

  package mutating func handle(_ event: Event) -> Action {
    switch event {
    case .started, .didNotPut: .read
    case .didRead(let snapshot): decide(snapshot)
    case .didLookUp(let entry): entry.map { decide($0) } ?? .finish(.unknown)
    case .didPut: .finish(.notCommitted)
    }
  }

  private mutating func decide(_ snapshot: RefSnapshot) -> Action {
    guard snapshot.nextVersion <= token.version else {
      if let entry = snapshot.state?.recentEntry(token.version) { return decide(entry) }
      return .lookUp(version: token.version, snapshot)
    }
    if let firstSeen, firstSeen.tag != snapshot.tag { return .finish(.notCommitted) }
    firstSeen = snapshot
    let writeID = makeWriteID()
    var fence = snapshot.state ?? RefState(symbol: token.symbol, writeID: writeID, isDeleted: true)
    fence.writeID = writeID
    return .put(fence, replacing: snapshot)
  }

  private func decide(_ entry: VersionEntry) -> Action {
    .finish(entry.commitID == token.commitID ? .committed(entry) : .notCommitted)
  }
}
