import Columnar
import Sterna
import SternaBase
import TestSupport
import VersionStore

extension LibrarySoak {
  func runRound() async throws {
    let rules = SoakFaults.rules(using: &random)
    for rule in rules { faults.add(rule) }
    let count = operationCount()
    let operations = try (0..<count).map { _ in
      try SoakChoice(isAlone: count == 1).operation(
        Self.symbols, histories, snapshots, staging, using: &random)
    }
    let done = await perform(operations)
    faults.removeAllRules()
    await faults.deliverLateRequests()
    note(rules, done)
    var applied: [SoakOperation] = []
    // Names first that others are moved from: what a rename has copied is known by its origin.
    let renames = done.filter(\.isRename)
    for rename in renames { try await settleRename(rename) }
    for (symbol, _) in Self.symbols {
      applied += try await settle(symbol, done.filter { $0.symbol == symbol && !$0.isRename })
    }
    try staging.settle(done, applied: applied)
    for operation in done { noteSnapshot(operation) }
    if Int.random(in: 0..<8, using: &random) == 0 { try await readBack() }
    if Int.random(in: 0..<16, using: &random) == 0 { try await verify() }
  }

  private func operationCount() -> Int {
    Int.random(in: 0..<3, using: &random) == 0 ? Self.clientCount : 1
  }

  private func perform(_ operations: [SoakOperation]) async -> [SoakOperation] {
    let first = Int.random(in: 0..<Self.clientCount, using: &random)
    let clients = clients
    return await withTaskGroup(of: (Int, SoakOperation).self) { group in
      for (index, operation) in operations.enumerated() {
        let library = clients[(first + index) % clients.count]
        group.addTask { (index, await operation.run(on: library)) }
      }
      // In the order in which they were begun, whoever is done first.
      let done = await group.reduce(into: []) { $0.append($1) }
      return done.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  /// Reads what is new through a client that remembers nothing.
  /// - Returns: the operations that made versions.
  private func settle(
    _ symbol: String, _ operations: [SoakOperation]
  ) async throws -> [SoakOperation] {
    var history = histories[symbol] ?? SoakHistory()
    guard try await clients[0].hasSymbol(symbol) else {
      let applied = try history.explain([], by: operations)
      try history.explainAbsence(by: operations)
      histories[symbol] = history
      return applied
    }
    let (found, deleted) = try await newVersions(of: symbol, behind: history)
    let applied = try history.explain(found, by: operations)
    try history.explain(deleted: deleted, by: operations)
    histories[symbol] = history
    return applied
  }

  private func newVersions(
    of symbol: String, behind history: SoakHistory
  ) async throws -> (frames: [DataFrame], deleted: Set<Int>) {
    let infos = try await clients[0].versions(of: symbol)
    let versions = infos.map(\.version)
    guard versions == Array((0..<versions.count).reversed()), versions.count >= history.frames.count else {
      throw SoakHistory.Mismatch(message: "\(symbol) has versions \(versions)")
    }
    var found: [DataFrame] = []
    for version in history.frames.count..<versions.count {
      found.append(try await clients[0].read(symbol, asOf: .version(version)).frame)
    }
    return (found, Set(infos.filter(\.isDeleted).map(\.version)))
  }

  /// A rename copies one version after the other, and deletes the old name in the end; it may have stopped
  /// anywhere.
  private func settleRename(_ rename: SoakOperation) async throws {
    guard case .rename(let newName) = rename.kind else { return }
    var (old, new) = (histories[rename.symbol] ?? SoakHistory(), histories[newName] ?? SoakHistory())
    let moved = old.live.map { old.frames[$0] }
    if try await clients[0].hasSymbol(newName) {
      let (found, deleted) = try await newVersions(of: newName, behind: new)
      try new.adopt(found, of: moved)
      try new.explain(deleted: deleted, by: [])
    }
    histories[newName] = new
    if try await clients[0].hasSymbol(rename.symbol) {
      if case .done = rename.outcome {
        throw SoakHistory.Mismatch(message: "\(rename.symbol) was renamed and is there")
      }
    } else if !moved.isEmpty {
      for frame in moved where !new.live.contains(where: { new.frames[$0].hasSameRows(as: frame) }) {
        throw SoakHistory.Mismatch(message: "a version of \(frame.rowCount) rows was lost by a rename")
      }
      old.deleteAll()
      histories[rename.symbol] = old
    }
  }

  private func noteSnapshot(_ operation: SoakOperation) {
    switch (operation.kind, operation.outcome) {
    case (.snapshot(let name, let version), .done):
      snapshots[name] = .some(histories[operation.symbol]?.frames[version])
    case (.snapshot(let name, _), .unknown), (.deleteSnapshot(let name), .unknown),
      (.deleteSnapshot(let name), .failed):
      // Perhaps it is there, and perhaps not.
      if snapshots[name] != nil || operation.isUnknown { snapshots[name] = .some(nil) }
    case (.deleteSnapshot(let name), .done): snapshots[name] = nil
    default: break
    }
  }

  /// Any version at all, as it was when it was made, and every snapshot.
  private func readBack() async throws {
    for (symbol, _) in Self.symbols {
      let drawn = random.next()
      guard let history = histories[symbol], !history.live.isEmpty else { continue }
      let version = history.live[Int(drawn % UInt64(history.live.count))]
      let frame = try await clients[1].read(symbol, asOf: .version(version)).frame
      guard frame.hasSameRows(as: history.frames[version]) else {
        throw SoakHistory.Mismatch(message: "version \(version) of \(symbol) has changed")
      }
    }
    try await compareVersions()
    for case (let name, let held?) in snapshots {
      for info in try await clients[1].versions(inSnapshot: name) {
        let frame = try await clients[1].read(info.symbol, asOf: .snapshot(name)).frame
        guard frame.hasSameRows(as: held) else {
          throw SoakHistory.Mismatch(message: "snapshot '\(name)' has changed")
        }
      }
    }
  }

  /// Two versions of a symbol, or of two of a kind, by what they share and by looking at every row.
  private func compareVersions() async throws {
    let (symbol, kind) = Self.symbols[Int.random(in: 0..<Self.symbols.count, using: &random)]
    let (other, otherKind) = Self.symbols[Int.random(in: 0..<Self.symbols.count, using: &random)]
    guard kind == otherKind, let history = histories[symbol], let otherHistory = histories[other],
      let old = history.live.randomElement(using: &random),
      let new = otherHistory.live.randomElement(using: &random)
    else { return }
    let found = try await clients[1].difference(
      of: symbol, from: .version(old), to: .version(new), in: other)
    let expected = SoakDifference(from: history.frames[old], to: otherHistory.frames[new])
    guard expected.agrees(with: found) else {
      throw SoakHistory.Mismatch(
        message: "from version \(old) of \(symbol) to \(new) of \(other): \(found.rows) instead of "
          + "\(expected)")
    }
  }

  /// Everything that is live, decoded.
  private func verify() async throws {
    let report = try await clients[2].symbols.verify(depth: .data)
    guard let problem = report.problems.first else { return }
    throw SoakHistory.Mismatch(message: "\(problem.location): \(problem.what) (\(problem.key))")
  }

  private func note(_ rules: [FaultRule], _ operations: [SoakOperation]) {
    for operation in operations {
      switch operation.outcome {
      case .committed, .done, .staged: report.committedCount += 1
      case .failed: report.failedCount += 1
      case .unknown: report.unknownCount += 1
      }
    }
    note(operations.map(\.description).joined(separator: "; "))
  }
}
