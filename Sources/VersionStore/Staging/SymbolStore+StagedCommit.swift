import Columnar
import SternaBase

extension SymbolStore {
  /// Makes one version of staged pieces.
  ///
  /// - Parameters:
  ///   - tokens: nil for all pieces that wait.
  ///   - merges: whether rows of different pieces are put in the order of the index where pieces lie across
  ///     one another; otherwise that is an error.
  /// - Throws: `stagedPieceNotFound` when a piece is not there (any more), `alreadyExists` when a version
  ///   has one already, `unsortedIndex`, `schemaMismatch`, `conflict`, `commitStateUnknown`.
  @discardableResult
  package func commitStaged(
    _ symbol: String, _ tokens: [StagingToken]? = nil, as mode: StagedCommitMode = .replace,
    merges: Bool = false, metadata: JSONValue? = nil
  ) async throws -> VersionEntry {
    let symbolName = try name(symbol)
    try requireTokens(tokens ?? [], of: symbolName)
    let bytes = try metadata.map { Bytes(utf8: try $0.serialized()) }
    return try await beginningAgain(symbol) {
      try await commitPieces(of: symbolName, tokens, mode, merges: merges, metadata: bytes)
    }
  }

  private func commitPieces(
    of symbol: ObjectName, _ tokens: [StagingToken]?, _ mode: StagedCommitMode, merges: Bool,
    metadata: Bytes?
  ) async throws -> VersionEntry {
    let blocks = blocks(of: symbol)
    // The ref first: a piece that is described after it was read is a root of every later collection.
    let base = try await refs.read(symbol)
    if base.state == nil { try await requireLibrary() }
    let pieces = try await wantedPieces(of: symbol, tokens, in: base.state)
    let (rows, tree) = try await rows(of: pieces, mode, merges: merges, on: base, blocks)
    let builder = StagedCommitBuilder(
      mode: mode, pieces: pieces, rows: rows, metadata: metadata, tree: tree,
      concurrency: options.fetchConcurrency)
    let entry = try await commit(builder, blocks, base)
    // What stays behind is refused by its token, and removed by the next collection.
    try? await stagedPieces.delete(pieces.map(\.token))
    return entry
  }

  private func wantedPieces(
    of symbol: ObjectName, _ tokens: [StagingToken]?, in state: RefState?
  ) async throws -> [StagedPiece] {
    guard let tokens else {
      let waiting = try await waitingPieces(of: symbol, in: state)
      guard waiting.isEmpty else { return waiting }
      throw SternaError(
        .stagedPieceNotFound, "nothing is staged for symbol '\(symbol.text)'", advice: "Stage rows first.")
    }
    var seen: Set<UniqueID> = []
    let distinct = tokens.filter { seen.insert($0.id).inserted }
    let found = try await mapConcurrently(distinct, limit: options.fetchConcurrency) { token in
      (token, try await stagedPieces.read(token))
    }
    let missing = found.filter { $0.1 == nil }.map(\.0.text)
    guard missing.isEmpty, !found.isEmpty else {
      throw SternaError(
        .stagedPieceNotFound,
        missing.isEmpty
          ? "no tokens were given" : "staged pieces are not there: \(missing.joined(separator: ", "))",
        advice: "They were committed or given up; `sterna staged` lists those that wait.")
    }
    return found.compactMap(\.1)
  }

  // MARK: Rows

  private func rows(
    of pieces: [StagedPiece], _ mode: StagedCommitMode, merges: Bool, on base: RefSnapshot,
    _ blocks: BlockStore
  ) async throws -> (IncomingRows, TreeExtension) {
    let loaded = try await mapConcurrently(pieces, limit: options.fetchConcurrency) { piece in
      let bytes = try await Self.findingLost { try await piece.content.schema.load(from: blocks) }
      return StagedBatch.Loaded(piece: piece, schema: try Schema(encoded: bytes))
    }
    let batch = try StagedBatch(loaded, merges: merges)
    let latest = mode == .append ? try await latest(on: base, toAppend: batch.schema, blocks) : nil
    let tree = treeExtension(blocks, columnsPerGroup: latest?.columnsPerGroup)
    if batch.canShareSegments(shape: tree.uploader.shape) {
      let slices = try await Self.findingLost { try await sharedSlices(batch, blocks) }
      return (IncomingRows(head: DataFrame(empty: batch.schema), slices: slices), tree)
    }
    let rows = try await IncomingRows.receive(
      merged(batch, blocks), tailRowCountMax: tree.tails.limits.rowCountMax,
      behind: {
        guard let latest else { return RowSlicer.Run() }
        return try await tree.openRun(of: latest, batch.schema)
      },
      tree.uploader, epoch: base.epoch)
    return (rows, tree)
  }

  /// What the rows come behind, whose columns must be theirs.
  private func latest(
    on base: RefSnapshot, toAppend schema: Schema, _ blocks: BlockStore
  ) async throws -> VersionContent? {
    let history = HistoryReader(blocks: blocks, concurrency: options.fetchConcurrency)
    guard let latest = try await history.latestContent(of: base.state) else { return nil }
    let old = try Schema(encoded: try await latest.schema.load(from: blocks))
    _ = try AppendCompatibility.joined(old, schema)
    return latest
  }

  /// The pieces' own segments.
  private func sharedSlices(_ batch: StagedBatch, _ blocks: BlockStore) async throws -> UploadedSlices {
    let reader = TreeReader<IndexContent>(blocks: blocks, concurrency: options.fetchConcurrency)
    let records = try await mapConcurrently(batch.pieces, limit: options.fetchConcurrency) { piece in
      var records: [SliceRecord] = []
      for found in try await reader.leaves(of: piece.content.root, where: { _, _ in true }) {
        records += try await IndexContent.items(of: found.leaf, blocks: blocks)
      }
      return records
    }.flatMap { $0 }
    return UploadedSlices(
      schema: batch.schema, records: records, columnsPerGroup: batch.pieces[0].content.columnsPerGroup,
      isStaged: true)
  }

  /// The rows of all pieces, in order.
  private func merged(_ batch: StagedBatch, _ blocks: BlockStore) -> FrameSource {
    let concurrency = options.fetchConcurrency
    let inputs = batch.pieces.map { piece in
      SortedMerge.Input(firstKey: piece.content.summary.keys?.first ?? .max) {
        let plan = try await ReadPlanner(blocks: blocks, concurrency: concurrency)
          .plan(ReadSelection(), of: piece.content)
        return FrameScan(
          plan: plan, reader: FrameReader(blocks: blocks, concurrency: concurrency), prefetchCount: 1)
      }
    }
    let merge = SortedMerge(inputs, hasIndex: batch.schema.indexColumn != nil)
    return FrameSource(schema: batch.schema) {
      try await Self.findingLost { try await merge.next() }
    }
  }

  /// A block that is gone is a piece that is lost: nothing else can have taken it.
  private static func findingLost<Result>(_ work: () async throws -> Result) async throws -> Result {
    do {
      return try await work()
    } catch let error as SternaError where error.code == .versionPruned {
      throw SternaError.lostPiece(key: error.key)
    }
  }
}
