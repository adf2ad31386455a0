import ObjectStore
import SternaBase

extension SymbolStore {
  /// Verifies one symbol with everything that leads to it.
  package func verify(
    _ symbol: String, depth: VerificationDepth = .hashes
  ) async throws -> VerificationReport {
    let name = try ObjectName(symbol, subject: "symbol")
    var report = try await verify([name], depth: depth)
    if report.isClean, report.versionCount == 0, try await refs.read(name).state == nil {
      try await requireLibrary()
      throw SternaError(
        .symbolNotFound, "there is no symbol '\(symbol)'", advice: "List the symbols of the library.")
    }
    report.symbolCount = 1
    return report
  }

  /// Verifies the whole library: every snapshot and every symbol, deleted ones included.
  ///
  /// - Parameter progress: called after each batch of symbols with everything so far.
  package func verify(
    depth: VerificationDepth = .hashes, progress: @Sendable (VerificationReport) -> Void = { _ in }
  ) async throws -> VerificationReport {
    var report = try await verifySnapshots()
    for shards in try await SymbolFolders(store: store).shards(atOrAfter: nil) {
      let folders = try await SymbolFolders(store: store).folders(in: shards, after: nil)
      for batch in SymbolFolders.batches(of: folders) {
        try Task.checkCancellation()
        let names = try await mapConcurrently(batch, limit: options.fetchConcurrency) {
          try await symbolOrProblem(of: $0)
        }
        report.problems += names.compactMap {
          if case .failure(let found) = $0 { found.problem } else { nil }
        }
        report.add(try await verify(names.compactMap { try? $0.get() }, depth: depth))
        progress(report)
      }
    }
    return report
  }

  private func symbolOrProblem(of folder: String) async throws -> Result<ObjectName, BlockInspector.Found> {
    let key = LibraryKeys.refsPrefix + folder
    do {
      if let name = try await SymbolFolders(store: store).symbol(of: folder) { return .success(name) }
      let problem = VerificationProblem(
        .missing, key: key, "no ref tells which symbol the folder belongs to", location: "folder \(folder)")
      return .failure(BlockInspector.Found(problem: problem))
    } catch {
      return .failure(
        try BlockInspector.problem(SternaError(wrapping: error), key: key, location: "folder \(folder)"))
    }
  }

  private static let symbolConcurrency = 4

  /// Verifies symbols, and what snapshots hold of them.
  private func verify(
    _ symbols: [ObjectName], depth: VerificationDepth
  ) async throws -> VerificationReport {
    let held = try await holdings(of: symbols)
    let shards = try await stagedPieces.shards()
    let reports = try await mapConcurrently(symbols, limit: Self.symbolConcurrency) { symbol in
      let staged = try await stagedHoldings(of: symbol, in: shards)
      var report = try await SymbolVerifier.verify(
        symbol, held: held[symbol.encoded] ?? [], staged: staged.holdings, depth: depth, in: self)
      report.problems += staged.problems
      return report
    }
    return reports.reduce(into: VerificationReport()) { $0.add($1) }
  }

  /// What live snapshots hold of symbols, by encoded name. Snapshots that cannot be read are reported by
  /// `verifySnapshots`.
  private func holdings(of symbols: [ObjectName]) async throws -> [String: [SymbolVerifier.Holding]] {
    let wanted = Set(symbols.map(\.encoded))
    var holdings: [String: [SymbolVerifier.Holding]] = [:]
    for key in try await snapshots.keys() {
      let members: [SnapshotMember]
      do {
        guard let opened = try await snapshots.open(key: key), opened.head.stamp.phase == .live,
          let found = try await snapshots.members(of: opened, onPagesOf: symbols.map(\.text))
        else { continue }
        members = found
      } catch {
        // What is wrong with the snapshot itself is in the report already; what is not of the data is
        // thrown.
        _ = try BlockInspector.problem(SternaError(wrapping: error), key: key, location: key)
        continue
      }
      for member in members {
        let name = try ObjectName(member.symbol, subject: "symbol")
        guard wanted.contains(name.encoded), let content = member.entry.content else { continue }
        let location = "\(key) symbol '\(name.text)' version \(member.entry.number)"
        holdings[name.encoded, default: []].append(
          SymbolVerifier.Holding(content: content, key: key, location: location))
      }
    }
    return holdings
  }

  /// Reads every snapshot whole.
  private func verifySnapshots() async throws -> VerificationReport {
    let keys = try await snapshots.keys()
    let found = try await mapConcurrently(keys, limit: options.fetchConcurrency) { key in
      try await verifySnapshot(key)
    }
    var report = VerificationReport()
    report.snapshotCount = found.filter(\.isLive).count
    report.problems = found.flatMap(\.problems)
    return report
  }

  private func verifySnapshot(
    _ key: String
  ) async throws -> (isLive: Bool, problems: [VerificationProblem]) {
    do {
      while let opened = try await snapshots.open(key: key) {
        guard let problems = try await problems(of: opened) else { continue }
        return (opened.head.stamp.phase == .live, problems)
      }
      return (false, [])
    } catch {
      let found = try BlockInspector.problem(SternaError(wrapping: error), key: key, location: key)
      return (false, [found.problem])
    }
  }

  /// Nil when the snapshot was replaced meanwhile.
  private func problems(of opened: SnapshotStore.Opened) async throws -> [VerificationProblem]? {
    var problems: [String] = []
    if LibraryKeys.snapshot(opened.name) != opened.key {
      problems.append("it is named '\(opened.name.text)'")
    }
    guard try await snapshots.metadata(of: opened) != nil else { return nil }
    let pageCount = opened.head.pages.count
    var memberCount = 0
    for page in 0..<pageCount {
      guard let members = try await snapshots.members(of: opened, pages: [page]) else { return nil }
      memberCount += members.count
      for member in members
      where SnapshotPage.position(of: member.symbol, pageCount: pageCount) != page {
        problems.append("symbol '\(member.symbol)' is on the wrong page")
      }
    }
    if memberCount != opened.head.memberCount {
      problems.append("\(memberCount) symbols, its head says \(opened.head.memberCount)")
    }
    return problems.map {
      VerificationProblem(
        .inconsistent, key: opened.key, $0, location: "snapshot '\(opened.name.text)'")
    }
  }
}
