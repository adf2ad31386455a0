import SternaBase
import VersionStore

/// The content of one mutable object. Its number is its ETag: equal bytes, equal tag.
enum Document: Hashable {
  case absent
  case ref(RefState)
  case snapshot(SnapshotDocument)
  case staged(StagedDocument)
  /// What a writer leaves that could not learn its outcome.
  case token(CommitToken)

  var ref: RefState? { if case .ref(let state) = self { state } else { nil } }
  var snapshot: SnapshotDocument? { if case .snapshot(let document) = self { document } else { nil } }
  var token: CommitToken? { if case .token(let token) = self { token } else { nil } }
  var staged: StagedDocument? { if case .staged(let document) = self { document } else { nil } }

  /// Write ids nearly always tell documents apart; hashing whole states would be most of the work.
  func hash(into hasher: inout Hasher) {
    switch self {
    case .absent: hasher.combine(0)
    case .ref(let state):
      hasher.combine(state.writeID)
      hasher.combine(state.nextVersion)
      hasher.combine(state.epoch)
    case .snapshot(let document): hasher.combine(document)
    case .staged(let document): hasher.combine(document)
    case .token(let token): hasher.combine(token)
    }
  }
}

/// A snapshot as the design has it: *pending -> live -> gone*, by compare-and-swap.
struct SnapshotDocument: Hashable {
  enum Phase: Hashable { case pending, live, gone }

  struct Member: Hashable {
    /// The cell of the symbol's ref.
    var cell: Int
    var version: UInt64
    var content: VersionContent
  }

  var writeID: UniqueID
  /// Names the incarnation: whoever made it asks for this, not for the name.
  var owner: UniqueID
  var phase: Phase
  var members: [Member]
  /// Incarnations that were live and were deleted by somebody who meant them.
  var deletedOwners: [UniqueID] = []
}

/// What `stage` leaves behind for `commit(tokens)`.
struct StagedDocument: Hashable {
  var token: UniqueID
  /// Where the descriptor lies.
  var cell: Int
  var epoch: UInt64
  var block: UInt32
}
