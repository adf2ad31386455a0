import ObjectStore
import SternaBase

/// Verifies one symbol: its ref, its history, and everything that its versions, and those that snapshots
/// hold of it, consist of.
struct SymbolVerifier {
  let store: SymbolStore
  let symbol: ObjectName
  let depth: VerificationDepth
  let refKey: String
  var inspector: BlockInspector
  var versionCount = 0
  /// What slices said of each segment.
  var knownUses: [BlockName: Set<SegmentClaim.Use>] = [:]

  /// A version to verify, and what holds it.
  struct Holding: Sendable {
    let content: VersionContent
    let key: String
    let location: String
  }

  var concurrency: Int { store.options.fetchConcurrency }

  private init(store: SymbolStore, symbol: ObjectName, depth: VerificationDepth, listed: [BlockName: Int]) {
    self.store = store
    self.symbol = symbol
    self.depth = depth
    refKey = LibraryKeys.ref(of: symbol)
    // A cache of its own that keeps next to nothing: what is verified must come from the store.
    inspector = BlockInspector(
      blocks: BlockStore(store: store.store, symbol: symbol, cache: BlockCache(byteCountMax: 0)),
      listed: listed)
  }

  /// How often a symbol that changes while it is verified is looked at again.
  private static let attemptCountMax = 4

  /// Verifies a symbol. Problems on a ref that changed meanwhile may be the work of a collector, so they
  /// are looked at again.
  static func verify(
    _ symbol: ObjectName, held: [Holding], staged: [Holding] = [], depth: VerificationDepth,
    in store: SymbolStore
  ) async throws -> VerificationReport {
    var report = VerificationReport()
    for _ in 0..<attemptCountMax {
      let key = LibraryKeys.ref(of: symbol)
      let (seen, problem) = try await readRef(symbol, store)
      let listed = try await list(symbol, store)
      var verifier = SymbolVerifier(store: store, symbol: symbol, depth: depth, listed: listed)
      if let problem { verifier.inspector.report(problem) }
      if seen.state == nil, problem == nil, !held.isEmpty {
        verifier.inspector.report(
          VerificationProblem(.missing, key: key, "the symbol has no ref", location: held[0].location))
      }
      report = try await verifier.run(seen.state, held, staged)
      if report.isClean { break }
      if problem == nil, try await store.store.tag(of: key) == seen.tag { break }
    }
    return report
  }

  private static func readRef(
    _ symbol: ObjectName, _ store: SymbolStore
  ) async throws -> (RefSnapshot, VerificationProblem?) {
    do {
      return (try await store.refs.read(symbol), nil)
    } catch {
      let found = try BlockInspector.problem(
        SternaError(wrapping: error), key: LibraryKeys.ref(of: symbol),
        location: "symbol '\(symbol.text)'")
      return (.absent, found.problem)
    }
  }

  private static func list(_ symbol: ObjectName, _ store: SymbolStore) async throws -> [BlockName: Int] {
    let prefix = LibraryKeys.blocks(of: symbol)
    var listed: [BlockName: Int] = [:]
    for try await page in store.store.listing(prefix: prefix) {
      for entry in page.entries {
        guard let name = BlockName(keySuffix: entry.key.dropFirst(prefix.count)) else { continue }
        listed[name] = entry.byteCount
      }
    }
    return listed
  }

  private mutating func run(
    _ state: RefState?, _ held: [Holding], _ staged: [Holding]
  ) async throws -> VerificationReport {
    var holdings = held
    if let state { holdings += try await holdingsOfRef(state) }
    try await verifyContents(holdings)
    try await verifyStaged(staged)
    var report = VerificationReport()
    report.problems = inspector.problems
    report.symbolCount = 1
    report.versionCount = versionCount
    report.blockCount = inspector.reached.count
    report.byteCount = inspector.reachedByteCount
    let unreferenced = inspector.listed.filter { !inspector.reached.contains($0.key) }
    report.unreferencedBlockCount = unreferenced.count
    report.unreferencedByteCount = unreferenced.values.reduce(0, +)
    return report
  }
}

extension ObjectStore {
  /// The tag of an object; nil when there is none.
  fileprivate func tag(of key: String) async throws -> ETag? {
    do {
      return try await head(key).tag
    } catch let error as SternaError where error.code == .objectNotFound {
      return nil
    }
  }
}
