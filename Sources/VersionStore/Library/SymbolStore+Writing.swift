import Columnar
import SternaBase

extension SymbolStore {
  /// Writes a version that replaces what was there before.
  package func write(
    _ symbol: String, _ source: FrameSource, metadata: JSONValue? = nil
  ) async throws -> VersionEntry {
    let blocks = blocks(of: try name(symbol))
    let metadata = try metadata.map { Bytes(utf8: try $0.serialized()) }
    let base = try await base(of: blocks.symbol)
    let tree = treeExtension(blocks)
    var uploader = tree.uploader
    uploader.known = try await KnownSegments.latest(of: base.state, blocks)
    let rows = try await IncomingRows.receive(
      source, tailRowCountMax: tree.tails.limits.rowCountMax, behind: { RowSlicer.Run() }, uploader,
      epoch: base.epoch)
    let builder = WriteBuilder(
      head: rows.head, slices: rows.slices, metadata: metadata, tree: tree,
      concurrency: options.fetchConcurrency, sharesSegments: true)
    return try await commit(builder, blocks, base)
  }

  /// Writes a version that adds rows behind the latest one's, or the first version of a new symbol.
  package func append(
    _ symbol: String, _ source: FrameSource, metadata: JSONValue? = nil
  ) async throws -> VersionEntry {
    let blocks = blocks(of: try name(symbol))
    let metadata = try metadata.map { Bytes(utf8: try $0.serialized()) }
    let (base, latest) = try await appendableBase(of: blocks, source.schema)
    let tree = treeExtension(blocks, columnsPerGroup: latest?.columnsPerGroup)
    let rows = try await IncomingRows.receive(
      source, tailRowCountMax: tree.tails.limits.rowCountMax,
      behind: {
        guard let latest else { return RowSlicer.Run() }
        return try await tree.openRun(of: latest, source.schema)
      },
      tree.uploader, epoch: base.epoch)
    let builder = AppendBuilder(
      head: rows.head, slices: rows.slices, metadata: metadata, tree: tree,
      concurrency: options.fetchConcurrency)
    return try await commit(builder, blocks, base)
  }

  /// The ref to append to and its latest version, whose columns were checked before anything is uploaded: a
  /// wrong schema should cost nothing.
  private func appendableBase(
    of blocks: BlockStore, _ schema: Schema
  ) async throws -> (RefSnapshot, VersionContent?) {
    let history = HistoryReader(blocks: blocks, concurrency: options.fetchConcurrency)
    func checkedContent(_ snapshot: RefSnapshot) async throws -> VersionContent? {
      guard let latest = try await history.latestContent(of: snapshot.state) else { return nil }
      let old = try Schema(encoded: try await latest.schema.load(from: blocks))
      _ = try AppendCompatibility.joined(old, schema)
      return latest
    }
    if let remembered = await remembered(blocks.symbol) {
      do {
        return (remembered, try await checkedContent(remembered))
      } catch is SternaError {
        // What is remembered may be out of date: only a fresh state can refuse.
        memory.forget(blocks.symbol)
      }
    }
    let fresh = try await base(of: blocks.symbol)
    return (fresh, try await checkedContent(fresh))
  }

  /// What this writer committed last, which saves a request, or else the ref as it stands.
  func base(of symbol: ObjectName) async throws -> RefSnapshot {
    if let remembered = await remembered(symbol) { return remembered }
    let snapshot = try await refs.read(symbol)
    // Where a symbol is, its library was; a new one must not be written into a library that nobody made.
    if snapshot.state == nil { try await requireLibrary() }
    return snapshot
  }

  /// What this writer committed last. Where others compete for the symbol they get their turn first, and
  /// what is remembered is out of date behind that.
  private func remembered(_ symbol: ObjectName) async -> RefSnapshot? {
    guard let snapshot = memory.snapshot(of: symbol) else { return nil }
    let contention = Contention(
      on: snapshot.state, writer: attempts.writer, attemptNanoseconds: attempts.nanoseconds,
      now: environment.now())
    guard contention.hasOthers else { return snapshot }
    memory.forget(symbol)
    await CommitPause(environment: environment).wait(upTo: contention.pauseNanosecondsBound)
    return nil
  }

  func uploader(_ blocks: BlockStore, shape: SliceShape) -> SliceUploader {
    SliceUploader(
      blocks: blocks, shape: shape, encoder: SegmentEncoder(options: options.encoding),
      concurrency: options.uploadConcurrency, warn: options.warn)
  }

  func treeExtension(_ blocks: BlockStore, columnsPerGroup: Int? = nil) -> TreeExtension {
    var shape = options.shape
    shape.columnsPerGroup = columnsPerGroup ?? shape.columnsPerGroup
    return TreeExtension(
      uploader: uploader(blocks, shape: shape), limits: options.tail,
      concurrency: options.fetchConcurrency)
  }

  func commit(
    _ builder: some VersionBuilder, _ blocks: BlockStore, _ base: RefSnapshot
  ) async throws -> VersionEntry {
    memory.forget(blocks.symbol)
    let loop = CommitLoop(
      refs: refs, blocks: blocks, environment: environment, attempts: attempts,
      limits: options.commitLimits, concurrency: options.fetchConcurrency, history: options.history,
      tail: options.tail)
    let termed = TermedBuilder(
      base: builder, terms: terms, blocks: blocks, concurrency: options.fetchConcurrency)
    let committed = try await loop.commit(termed, remembered: base)
    memory.remember(committed.snapshot, of: blocks.symbol)
    return committed.entry
  }
}
