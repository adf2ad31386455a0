import Columnar
import ObjectStore
import SternaBase

/// The symbols of one library: writes become commits, reads become plans.
///
/// `store` holds the library's folder and nothing else. Opening costs no request; everything is learned on
/// use.
package struct SymbolStore: Sendable {
  let store: any ObjectStore
  package let environment: Environment
  let options: Options
  let cache: BlockCache
  let memory: RefMemory
  /// Throws `libraryNotFound`; asked only where a symbol was not found, so that the usual paths cost
  /// nothing.
  package let requireLibrary: @Sendable () async throws -> Void

  package struct Options: Sendable {
    package var shape: SliceShape
    package var encoding: EncodingOptions
    /// Slices that are encoded and uploaded at once.
    package var uploadConcurrency: Int
    /// Segments that are fetched and decoded at once.
    package var fetchConcurrency: Int
    package var commitLimits: CommitMachine.Limits

    package init(
      shape: SliceShape = SliceShape(), encoding: EncodingOptions = .standard,
      uploadConcurrency: Int = 4, fetchConcurrency: Int = 32,
      commitLimits: CommitMachine.Limits = CommitMachine.Limits()
    ) {
      self.shape = shape
      self.encoding = encoding
      self.uploadConcurrency = uploadConcurrency
      self.fetchConcurrency = fetchConcurrency
      self.commitLimits = commitLimits
    }
  }

  package init(
    store: any ObjectStore, environment: Environment, options: Options = Options(),
    requireLibrary: @escaping @Sendable () async throws -> Void = {}
  ) {
    self.store = store
    self.requireLibrary = requireLibrary
    self.environment = environment
    self.options = options
    self.cache = BlockCache()
    self.memory = RefMemory()
  }

  var refs: RefStore { RefStore(store: store) }

  package func blocks(of symbol: ObjectName) -> BlockStore {
    BlockStore(store: store, symbol: symbol, cache: cache)
  }

  private func name(_ symbol: String) throws(SternaError) -> ObjectName {
    try ObjectName(symbol, subject: "symbol")
  }
}

// MARK: - Writing

extension SymbolStore {
  /// Writes a version that replaces what was there before.
  package func write(
    _ symbol: String, _ source: FrameSource, metadata: JSONValue? = nil
  ) async throws -> VersionEntry {
    let blocks = blocks(of: try name(symbol))
    let metadata = try metadata.map { Bytes(utf8: try $0.serialized()) }
    let base = try await base(of: blocks.symbol)
    let slices = try await uploader(blocks, shape: options.shape).upload(source, epoch: base.epoch)
    let builder = WriteBuilder(
      slices: slices, metadata: metadata, blocks: blocks, concurrency: options.fetchConcurrency)
    return try await commit(builder, blocks, base)
  }

  /// Writes a version that adds rows behind the latest one's, or the first version of a new symbol.
  package func append(
    _ symbol: String, _ source: FrameSource, metadata: JSONValue? = nil
  ) async throws -> VersionEntry {
    let blocks = blocks(of: try name(symbol))
    let metadata = try metadata.map { Bytes(utf8: try $0.serialized()) }
    let base = try await base(of: blocks.symbol)
    var shape = options.shape
    if let latest = base.state?.latest?.content {
      // Before anything is uploaded: a wrong schema should cost nothing.
      let schema = try Schema(encoded: try await latest.schema.load(from: blocks))
      _ = try AppendCompatibility.joined(schema, source.schema)
      shape.columnsPerGroup = latest.columnsPerGroup
    }
    async let edgeIsWarm: Void = warmEdge(of: base, blocks)
    let slices = try await uploader(blocks, shape: shape).upload(source, epoch: base.epoch)
    await edgeIsWarm
    let builder = AppendBuilder(
      slices: slices, metadata: metadata, blocks: blocks, concurrency: options.fetchConcurrency)
    return try await commit(builder, blocks, base)
  }

  /// Brings the nodes that the commit will edit into the cache while the rows are on their way up.
  private func warmEdge(of base: RefSnapshot, _ blocks: BlockStore) async {
    guard let root = base.state?.latest?.content?.root else { return }
    // A failure here means nothing yet: the commit reads what it needs again, perhaps from a newer state.
    _ = try? await TreeReader<IndexContent>(blocks: blocks, concurrency: options.fetchConcurrency)
      .rightEdge(of: root)
  }

  /// What this writer committed last, which saves a request, or else the ref as it stands.
  private func base(of symbol: ObjectName) async throws -> RefSnapshot {
    if let remembered = memory.snapshot(of: symbol) { return remembered }
    let snapshot = try await refs.read(symbol)
    // Where a symbol is, its library was; a new one must not be written into a library that nobody made.
    if snapshot.state == nil { try await requireLibrary() }
    return snapshot
  }

  private func uploader(_ blocks: BlockStore, shape: SliceShape) -> SliceUploader {
    SliceUploader(
      blocks: blocks, shape: shape, encoder: SegmentEncoder(options: options.encoding),
      concurrency: options.uploadConcurrency)
  }

  private func commit(
    _ builder: some VersionBuilder, _ blocks: BlockStore, _ base: RefSnapshot
  ) async throws -> VersionEntry {
    memory.forget(blocks.symbol)
    let loop = CommitLoop(
      refs: refs, blocks: blocks, environment: environment, limits: options.commitLimits,
      concurrency: options.fetchConcurrency)
    let committed = try await loop.commit(builder, remembered: base)
    memory.remember(committed.snapshot, of: blocks.symbol)
    return committed.entry
  }
}

// MARK: - Reading

extension SymbolStore {
  /// Finds a version: one request for a recent one, O(log n) for an old one.
  /// - Throws: `libraryNotFound`, `symbolNotFound`, `versionNotFound`, `versionPruned`.
  package func version(_ symbol: String, _ selector: VersionSelector = .latest) async throws
    -> StoredVersion
  {
    let blocks = blocks(of: try name(symbol))
    if case .snapshot(let name) = selector { return try await version(of: blocks, inSnapshot: name) }
    let state = try await liveRef(of: blocks.symbol)
    let resolver = VersionResolver(
      state: state, history: HistoryReader(blocks: blocks, concurrency: options.fetchConcurrency))
    let (entry, content) = try await resolver.resolve(selector)
    return StoredVersion(
      entry: entry, content: content, blocks: blocks, concurrency: options.fetchConcurrency)
  }

  /// All versions that were ever committed, newest first, deleted ones included.
  package func versions(of symbol: String) async throws -> [VersionEntry] {
    let blocks = blocks(of: try name(symbol))
    let state = try await liveRef(of: blocks.symbol)
    return try await HistoryReader(blocks: blocks, concurrency: options.fetchConcurrency)
      .entries(0..<state.nextVersion, of: state).reversed()
  }

  /// The ref as it stands, for inspection.
  package func ref(of symbol: String) async throws -> RefState { try await liveRef(of: try name(symbol)) }

  private func liveRef(of symbol: ObjectName) async throws -> RefState {
    if let state = try await refs.read(symbol).state, !state.isDeleted { return state }
    try await requireLibrary()
    throw SternaError(
      .symbolNotFound, "there is no symbol '\(symbol.text)'",
      advice: "`sterna ls STORE LIBRARY` lists the symbols of a library.")
  }
}

/// One version of a symbol, found and ready to be read.
package struct StoredVersion: Sendable {
  package let entry: VersionEntry
  package let content: VersionContent
  package let blocks: BlockStore
  let concurrency: Int

  package func schema() async throws -> Schema {
    try Schema(encoded: try await content.schema.load(from: blocks))
  }

  /// What the user attached to the version.
  package func metadata() async throws -> JSONValue? {
    guard let bytes = try await content.metadata?.load(from: blocks) else { return nil }
    return try JSONValue(parsing: bytes, subject: "metadata")
  }

  package func plan(_ selection: ReadSelection = ReadSelection()) async throws -> ReadPlan {
    try await ReadPlanner(blocks: blocks, concurrency: concurrency).plan(selection, of: content)
  }

  package func read(_ selection: ReadSelection = ReadSelection()) async throws -> DataFrame {
    try await FrameReader(blocks: blocks, concurrency: concurrency).read(try await plan(selection))
  }

  /// Slices in flight of a scan: enough to hide a round trip, few enough to bound memory.
  private static let scanPrefetchCount = 4

  package func scan(_ selection: ReadSelection = ReadSelection()) async throws -> FrameScan {
    FrameScan(
      plan: try await plan(selection), reader: FrameReader(blocks: blocks, concurrency: concurrency),
      prefetchCount: Self.scanPrefetchCount)
  }
}
