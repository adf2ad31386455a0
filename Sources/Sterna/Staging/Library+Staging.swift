import Columnar
import SternaBase
import VersionStore

extension Library {
  /// Uploads rows that `commitStaged` makes a version of later: how many workers write one version.
  ///
  ///     // in each worker
  ///     let token = try await library.stage("SPY", frame).token
  ///     // when all are done, anywhere
  ///     try await library.commitStaged("SPY", tokens: tokens)
  ///
  /// No version is made yet. Workers hold no locks and wait for nobody.
  ///
  /// - Parameter metadata: any JSON value to keep with the rows until they are committed.
  /// - Throws: `unsortedIndex`, `libraryNotFound`, `conflict` when collections keep overtaking it.
  public func stage(
    _ symbol: String, _ frame: DataFrame, metadata: JSONValue? = nil
  ) async throws(SternaError) -> StagedRows {
    try await reporting {
      StagedRows(try await symbols.stage(symbol, frame, metadata: metadata), metadata: metadata)
    }
  }

  /// Stages a stream of frames in bounded memory, as one piece.
  public func stage(
    _ symbol: String, _ frames: FrameStream, metadata: JSONValue? = nil
  ) async throws(SternaError) -> StagedRows {
    try await reporting {
      StagedRows(try await symbols.stage(symbol, frames.source, metadata: metadata), metadata: metadata)
    }
  }

  /// Makes one version of staged rows: of all or of none.
  ///
  /// Pieces are put in the order of their index. Where they lie across one another, `merging` puts their
  /// rows in order, those of equal index in the order of their piece; without an index the order given
  /// counts.
  ///
  /// - Parameters:
  ///   - tokens: nil for all that wait. A worker that staged, died and was run again has then staged twice:
  ///     with tokens, only what was reported counts.
  /// - Throws: `stagedPieceNotFound`, `alreadyExists` when a version has one of them already,
  ///   `unsortedIndex`, `schemaMismatch`, `conflict`, `commitStateUnknown`.
  @discardableResult
  public func commitStaged(
    _ symbol: String, tokens: [String]? = nil, as mode: StagedMode = .replace, merging: Bool = false,
    metadata: JSONValue? = nil
  ) async throws(SternaError) -> VersionInfo {
    try await reporting {
      let tokens = try tokens.map { try $0.map { try StagingToken(text: $0) } }
      return VersionInfo(
        symbol: symbol,
        try await symbols.commitStaged(symbol, tokens, as: mode.mode, merges: merging, metadata: metadata))
    }
  }

  /// What waits for a commit, of one symbol or of all, in the order in which it was staged.
  public func stagedRows(of symbol: String? = nil) async throws(SternaError) -> [StagedRows] {
    try await reporting {
      let pieces = try await symbols.staged(symbol)
      if pieces.isEmpty { try await symbols.requireLibrary() }
      return try await mapConcurrently(pieces, limit: 16) {
        StagedRows($0, metadata: try await symbols.metadata(of: $0))
      }
    }
  }

  /// Gives staged rows up; their space is free after the next collection.
  /// - Parameter tokens: nil for all of the symbol.
  /// - Returns: how many pieces there were.
  @discardableResult
  public func abandonStaged(_ symbol: String, tokens: [String]? = nil) async throws(SternaError) -> Int {
    try await reporting {
      let tokens = try tokens.map { try $0.map { try StagingToken(text: $0) } }
      return try await symbols.abandonStaged(symbol, tokens)
    }
  }
}
