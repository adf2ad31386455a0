import ObjectStore
import SternaBase

/// Garbage collection by epoch, for a batch of symbols of one library.
///
///     survey    GET ref ─► snapshots ─► mark ─► LIST blocks: candidates = what is not marked
///               (a dry run ends here; so does the collection of a symbol without candidates)
///     0, 1      CAS the ref to its epoch + 1; an absent one becomes a tombstone
///     2         GET the ref: T = the epoch in this answer
///     3         only now LIST and GET snapshots and staged pieces; mark what ref and they reach
///     4         delete the candidates of epochs below T that are not marked
///
/// Why nothing live is deleted: a block below T that the ref of step 2 does not reach can become reachable
/// only by a commit that was conditioned on an older tag, which fails, or by a snapshot, which was pending
/// before step 3 and is found there. When the candidates were listed does not matter for that; a block that
/// came later is left to the next collection. Only the collector deletes blocks, and any error ends it.
package struct Collector: Sendable {
  let store: SymbolStore
  let isDryRun: Bool

  /// Symbols that are worked on at once.
  private static let symbolConcurrency = 8
  private static let deleteBatchCount = 1_000
  private static let deleteConcurrency = 4

  package init(store: SymbolStore, isDryRun: Bool = false) {
    self.store = store
    self.isDryRun = isDryRun
  }

  /// What is known of a symbol during its collection.
  private struct Survey: Sendable {
    let symbol: ObjectName
    /// What the marks were last derived from; nil for an absent ref.
    var state: RefState?
    var reachable: ReachableBlocks
    var candidates: [Candidate] = []
    var keptBlockCount = 0
    var keptByteCount = 0
    var error: SternaError?
  }

  private struct Candidate: Sendable {
    let name: BlockName
    let key: String
    let byteCount: Int
  }

  /// Collects some symbols. What fails for one symbol is in the report; what concerns all is thrown.
  package func collect(_ symbols: [ObjectName]) async throws -> CollectionReport {
    var report = CollectionReport()
    report.symbolCount = symbols.count
    var surveys = await forEach(symbols) { try await readRef($0) }
    try await mark(&surveys, &report)
    surveys = await update(surveys) { try await list(&$0) }
    for survey in surveys where survey.error == nil {
      report.keptBlockCount += survey.keptBlockCount
      report.keptByteCount += survey.keptByteCount
    }
    if !isDryRun {
      let idle = surveys.filter { $0.error == nil && $0.candidates.isEmpty }
      surveys = surveys.filter { $0.error != nil || !$0.candidates.isEmpty }
      report.add(Self.report(on: idle, deleted: []))
      surveys = await update(surveys) { try await bump(&$0) }
      try await mark(&surveys, &report)
    }
    report.add(try await sweep(surveys))
    return report
  }

  private func sweep(_ surveys: [Survey]) async throws -> CollectionReport {
    guard !isDryRun else {
      return Self.report(on: surveys, deleted: surveys.filter { $0.error == nil }.flatMap(\.candidates))
    }
    let swept = await update(surveys) { try await delete(&$0) }
    return Self.report(on: swept, deleted: swept.flatMap(\.candidates))
  }

  private static func report(on surveys: [Survey], deleted: [Candidate]) -> CollectionReport {
    var report = CollectionReport()
    report.deletedBlockCount = deleted.count
    report.deletedByteCount = deleted.reduce(0) { $0 + $1.byteCount }
    for survey in surveys {
      guard let error = survey.error else { continue }
      report.failures.append(CollectionReport.Failure(symbol: survey.symbol.text, error: error))
    }
    return report
  }
}

// MARK: - Steps

extension Collector {
  private func readRef(_ symbol: ObjectName) async throws -> RefState? {
    try await store.refs.read(symbol).state
  }

  /// Steps 0 to 2.
  private func bump(_ survey: inout Survey) async throws {
    // A writer of this process would build on a ref that the bump makes outdated.
    store.memory.forget(survey.symbol)
    let bump = EpochBump(refs: store.refs, environment: store.environment)
    survey.state = try await bump.raise(survey.symbol)
  }

  /// Step 3: marks what the refs that were read, and snapshots and staged pieces as they are now, reach.
  /// Marks of an earlier round stay: they can only keep more.
  private func mark(_ surveys: inout [Survey], _ report: inout CollectionReport) async throws {
    var states: [String: RefState] = [:]
    for survey in surveys where survey.error == nil {
      states[survey.symbol.encoded] =
        survey.state ?? RefState(symbol: survey.symbol.text, writeID: UniqueID(high: 0, low: 0))
    }
    let roots = try await SnapshotRoots(store: store, states: states, withdraws: !isDryRun).find()
    report.withdrawnSnapshots += roots.withdrawn
    let staged = try await StagedRoots(store: store, removesConsumed: !isDryRun)
    surveys = await update(surveys) { survey in
      if let state = survey.state { try await survey.reachable.mark(state) }
      try await survey.reachable.mark(roots.contents[survey.symbol.encoded] ?? [])
      try await staged.mark(&survey.reachable, of: survey.symbol, survey.state)
    }
  }

  /// Lists a symbol's blocks; all that are not marked are candidates, whatever their epoch: the bump to
  /// come puts the threshold above every epoch that was given so far.
  private func list(_ survey: inout Survey) async throws {
    let prefix = LibraryKeys.blocks(of: survey.symbol)
    var seen: Set<BlockName> = []
    for try await page in store.store.listing(prefix: prefix) {
      for entry in page.entries {
        guard let name = BlockName(keySuffix: entry.key.dropFirst(prefix.count)), seen.insert(name).inserted
        else { continue }
        if survey.reachable.contains(name) || name.epoch > survey.state?.epoch ?? 0 {
          survey.keptBlockCount += 1
          survey.keptByteCount += entry.byteCount
        } else {
          survey.candidates.append(Candidate(name: name, key: entry.key, byteCount: entry.byteCount))
        }
      }
    }
  }

  /// Step 4. Leaves in `candidates` what was deleted.
  private func delete(_ survey: inout Survey) async throws {
    guard let threshold = survey.state?.epoch else { preconditionFailure("a sweep without a threshold") }
    let doomed = survey.candidates.filter {
      $0.name.epoch < threshold && !survey.reachable.contains($0.name)
    }
    survey.candidates = []
    let batches = stride(from: 0, to: doomed.count, by: Self.deleteBatchCount).map {
      Array(doomed[$0..<min($0 + Self.deleteBatchCount, doomed.count)])
    }
    let objects = store.store
    let outcomes = try await mapConcurrently(batches, limit: Self.deleteConcurrency) { batch in
      try await objects.delete(batch.map(\.key))
    }
    if let failure = outcomes.lazy.joined().compactMap(\.failure).first { throw failure }
    survey.candidates = doomed
  }
}

// MARK: - Many symbols

extension Collector {
  private func forEach(
    _ symbols: [ObjectName], _ read: @escaping @Sendable (ObjectName) async throws -> RefState?
  ) async -> [Survey] {
    let surveys = symbols.map { symbol in
      Survey(
        symbol: symbol, state: nil,
        reachable: ReachableBlocks(
          blocks: store.blocks(of: symbol), concurrency: store.options.fetchConcurrency))
    }
    return await update(surveys) { $0.state = try await read($0.symbol) }
  }

  /// Takes every symbol that has not failed yet a step further; a failure ends the collection of that
  /// symbol and of no other.
  private func update(
    _ surveys: [Survey], _ step: @escaping @Sendable (inout Survey) async throws -> Void
  ) async -> [Survey] {
    let updated = try? await mapConcurrently(surveys, limit: Self.symbolConcurrency) { survey in
      var updated = survey
      guard survey.error == nil else { return survey }
      do {
        try await step(&updated)
      } catch {
        updated = survey
        updated.candidates = []
        updated.error = SternaError(wrapping: error)
      }
      return updated
    }
    // The transform never throws, so nothing is ever missing.
    return updated ?? []
  }
}
