import Columnar
import SternaBase

// MARK: - Staging

extension SymbolStore {
  var stagedPieces: StagedPieceStore {
    StagedPieceStore(store: store, concurrency: options.fetchConcurrency)
  }

  /// How often a piece is staged anew when collections raise the epoch meanwhile.
  private static let attemptCountMax = 8

  /// Uploads rows for a later commit, which any process may make that has the token.
  ///
  ///     GET ref: epoch e ─► blocks under e ─► descriptor ─► GET ref: still e? ─► token
  ///                ▲                                           │ no: a collector may have missed it
  ///                └───────────────────────────────────────────┘
  ///
  /// No version is made, and nobody is waited for: any number of workers may stage for one symbol.
  ///
  /// - Parameter metadata: kept with the piece for whoever commits it; no part of the version that results.
  package func stage(
    _ symbol: String, _ source: FrameSource, metadata: JSONValue? = nil
  ) async throws -> StagedPiece {
    let blocks = blocks(of: try name(symbol))
    var seen = try await refs.read(blocks.symbol)
    if seen.state == nil { try await requireLibrary() }
    let (id, sinceVersion) = (environment.makeUniqueID(), seen.nextVersion)
    let tree = treeExtension(blocks)
    let slices = try await tree.uploader.upload(source, epoch: seen.epoch)
    let builder = WriteBuilder(
      slices: slices, metadata: try metadata.map { Bytes(utf8: try $0.serialized()) }, tree: tree,
      concurrency: options.fetchConcurrency)
    for _ in 0..<Self.attemptCountMax {
      let content = try await builder.build(on: seen, isRebase: false)
      let piece = StagedPiece(
        token: StagingToken(id: id, epoch: seen.epoch, symbol: blocks.symbol), sinceVersion: sinceVersion,
        time: environment.now(), content: content)
      try await stagedPieces.write(piece)
      let now = try await refs.read(blocks.symbol)
      if now.epoch == seen.epoch { return piece }
      // Whatever becomes of this: all attempts have one id, so they cannot be taken in beside each other.
      try? await stagedPieces.delete([piece.token])
      seen = now
    }
    throw SternaError(
      .conflict, "garbage collections overtook the staging of rows \(Self.attemptCountMax) times in a row",
      advice: "Stage the rows again when no collection runs.", retry: .transient)
  }

  /// As above, of rows in memory: what a collector took away is uploaded again.
  package func stage(
    _ symbol: String, _ frame: DataFrame, metadata: JSONValue? = nil
  ) async throws -> StagedPiece {
    try await beginningAgain(symbol) { try await stage(symbol, FrameSource(frame), metadata: metadata) }
  }

  /// What was kept with a piece.
  package func metadata(of piece: StagedPiece) async throws -> JSONValue? {
    guard let bytes = try await piece.content.metadata?.load(from: blocks(of: piece.token.symbol)) else {
      return nil
    }
    return try JSONValue(parsing: bytes, subject: "metadata")
  }

  /// The pieces that wait for a commit, of one symbol or of all, in the order in which they were staged.
  package func staged(_ symbol: String? = nil) async throws -> [StagedPiece] {
    guard let symbol else {
      let names = try await stagedPieces.symbols()
      return try await mapConcurrently(names, limit: options.fetchConcurrency) { name in
        try await waitingPieces(of: name, in: try await refs.read(name).state)
      }.flatMap { $0 }
    }
    let name = try name(symbol)
    return try await waitingPieces(of: name, in: try await refs.read(name).state)
  }

  /// The pieces of a symbol that no version has taken in.
  func waitingPieces(of symbol: ObjectName, in state: RefState?) async throws -> [StagedPiece] {
    let pieces = try await stagedPieces.pieces(of: symbol)
    let history = HistoryReader(blocks: blocks(of: symbol), concurrency: options.fetchConcurrency)
    let taken = try await StagedConsumption(history: history).versions(of: pieces, in: state)
    return pieces.filter { taken[$0.token.id] == nil }
  }

  /// Gives pieces up: their data goes with the next collection.
  /// - Parameter tokens: nil for all of the symbol.
  /// - Returns: how many pieces were there.
  package func abandonStaged(_ symbol: String, _ tokens: [StagingToken]? = nil) async throws -> Int {
    let name = try name(symbol)
    try requireTokens(tokens ?? [], of: name)
    let wanted = tokens.map { Set($0.map(\.id)) }
    let found = try await stagedPieces.tokens(of: name).filter { wanted?.contains($0.id) ?? true }
    try await stagedPieces.delete(found)
    return Set(found.map(\.id)).count
  }

  func requireTokens(_ tokens: [StagingToken], of symbol: ObjectName) throws(SternaError) {
    guard let other = tokens.first(where: { $0.symbol != symbol }) else { return }
    throw SternaError(
      .invalidArgument, "token \(other.text) is of symbol '\(other.symbol.text)', not '\(symbol.text)'",
      advice: "Commit each symbol's pieces by themselves.")
  }
}
