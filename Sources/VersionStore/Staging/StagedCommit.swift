import SternaBase

/// What the rows of staged pieces become.
package enum StagedCommitMode: String, Sendable, CaseIterable {
  /// All there is.
  case replace
  /// Rows behind those of the latest version.
  case append
}

/// A version that takes in staged pieces, and records their tokens: none is taken in twice.
struct StagedCommitBuilder: VersionBuilder {
  let mode: StagedCommitMode
  let pieces: [StagedPiece]
  let rows: IncomingRows
  let metadata: Bytes?
  let tree: TreeExtension
  let concurrency: Int

  var operation: VersionEntry.Operation { mode == .append ? .append : .write }
  var tokens: [UniqueID] { pieces.map(\.token.id) }

  func build(on base: RefSnapshot, isRebase: Bool) async throws -> VersionContent {
    try await buildVersion(on: base, isRebase: isRebase).content
  }

  func buildVersion(on base: RefSnapshot, isRebase: Bool) async throws -> BuiltVersion {
    try await requireUnconsumed(in: base.state)
    return switch mode {
    case .replace:
      try await WriteBuilder(
        head: rows.head, slices: rows.slices, metadata: metadata, tree: tree, concurrency: concurrency
      ).buildVersion(on: base, isRebase: isRebase)
    case .append:
      try await AppendBuilder(
        head: rows.head, slices: rows.slices, metadata: metadata, tree: tree, concurrency: concurrency
      ).buildVersion(on: base, isRebase: isRebase)
    }
  }

  /// - Throws: `alreadyExists` when a version has one of the pieces.
  private func requireUnconsumed(in state: RefState?) async throws {
    let history = HistoryReader(blocks: tree.uploader.blocks, concurrency: concurrency)
    let versions = try await StagedConsumption(history: history).versions(of: pieces, in: state)
    guard let piece = pieces.first(where: { versions[$0.token.id] != nil }),
      let version = versions[piece.token.id]
    else { return }
    throw SternaError(
      .alreadyExists, "staged piece \(piece.token.text) is in version \(version) already",
      advice: "Commit the other pieces only.")
  }
}

extension SternaError {
  /// A piece whose data is gone.
  static func lostPiece(key: String?) -> SternaError {
    SternaError(
      .stagedPieceNotFound, "the data of a staged piece is gone",
      advice: "Abandon the piece, and stage its rows again.", key: key)
  }
}
