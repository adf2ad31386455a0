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
  /// Of every commit that is made through this value.
  var terms = CommitTerms()
  let cache: BlockCache
  let memory: RefMemory
  let attempts: AttemptClock
  /// Throws `libraryNotFound`; asked only where a symbol was not found, so that the usual paths cost
  /// nothing.
  package let requireLibrary: @Sendable () async throws -> Void

  package struct Options: Sendable {
    package var shape: SliceShape
    package var encoding: EncodingOptions
    /// Segments that are encoded at once.
    package var uploadConcurrency: Int
    /// Segments that are fetched and decoded at once.
    package var fetchConcurrency: Int
    package var commitLimits: CommitMachine.Limits
    package var tail: TailLimits
    package var history: HistoryLimits

    package init(
      shape: SliceShape = SliceShape(), encoding: EncodingOptions = .standard,
      uploadConcurrency: Int = 4, fetchConcurrency: Int = 32,
      commitLimits: CommitMachine.Limits = CommitMachine.Limits(), tail: TailLimits = TailLimits(),
      history: HistoryLimits = HistoryLimits()
    ) {
      self.shape = shape
      self.encoding = encoding
      self.uploadConcurrency = uploadConcurrency
      self.fetchConcurrency = fetchConcurrency
      self.commitLimits = commitLimits
      self.tail = tail
      self.history = history
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
    self.attempts = AttemptClock(writer: environment.random())
  }

  /// The same symbols, for commits on these terms.
  package func committing(on terms: CommitTerms) -> SymbolStore {
    var copy = self
    copy.terms = terms
    return copy
  }

  var refs: RefStore { RefStore(store: store) }

  package func blocks(of symbol: ObjectName) -> BlockStore {
    BlockStore(store: store, symbol: symbol, cache: cache)
  }

  func name(_ symbol: String) throws(SternaError) -> ObjectName {
    try ObjectName(symbol, subject: "symbol")
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

  func liveRef(of symbol: ObjectName) async throws -> RefState {
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

  /// Whether the metadata are a block of their own, which takes a request to learn.
  package var hasMetadataBlock: Bool {
    if case .block? = content.metadata { true } else { false }
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
