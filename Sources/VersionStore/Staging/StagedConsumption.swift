import SternaBase

/// Which staged pieces are in versions already.
struct StagedConsumption: Sendable {
  let history: HistoryReader

  /// The version that consumed each piece, by token id. Only entries younger than a piece can have.
  func versions(of pieces: [StagedPiece], in state: RefState?) async throws -> [UniqueID: UInt64] {
    guard let state, let since = pieces.map(\.sinceVersion).min(), since < state.nextVersion else {
      return [:]
    }
    let wanted = Set(pieces.map(\.token.id))
    var versions: [UniqueID: UInt64] = [:]
    for entry in try await history.entries(since..<state.nextVersion, of: state) {
      for id in entry.tokens where wanted.contains(id) { versions[id] = entry.number }
    }
    return versions
  }
}
