import Columnar
import ObjectStore
import Sterna
import SternaBase
import TestSupport
import VersionStore

/// Random operations of several clients on one library in a store whose requests go wrong, against a
/// history in memory.
///
/// Which operations and faults there are follows from the seed alone: as many numbers are drawn whatever
/// the outcomes. Only the order in which overlapping clients and uploads run is the runtime's, so a rare
/// failure may take a few runs of its seed to come back.
///
///     round:  faults on ─► 1 to 3 clients, an operation each ─► faults off ─► late requests land
///             ─► every version that is new is explained by one operation, bit for bit
package final class LibrarySoak {
  package struct Report: Sendable {
    package var roundCount = 0
    package var committedCount = 0
    package var failedCount = 0
    package var unknownCount = 0
    package var faultCount = 0

    package init() {}

    package static func += (total: inout Report, part: Report) {
      total.roundCount += part.roundCount
      total.committedCount += part.committedCount
      total.failedCount += part.failedCount
      total.unknownCount += part.unknownCount
      total.faultCount += part.faultCount
    }
  }

  /// A promise that was broken, and the last things that happened.
  package struct Failure: Error, CustomStringConvertible {
    package let seed: UInt64
    package let round: Int
    let message: String
    let log: [String]

    package var description: String {
      "round \(round) of seed \(seed): \(message)\n" + log.map { "  " + $0 }.joined(separator: "\n")
    }
  }

  private static let clientCount = 3
  private static let symbols: [(name: String, kind: SoakFrames.Kind)] = [
    ("ticks", .ticks), ("rows", .rows), ("more ticks", .ticks),
  ]

  private let seed: UInt64
  private var random: SeededGenerator
  private let faults: FaultInjectingObjectStore
  private var clients: [Library] = []
  private var histories: [String: SoakHistory] = [:]
  /// What each snapshot holds; nil while it is not known whether it is there.
  private var snapshots: [String: DataFrame?] = [:]
  private var log: [String] = []
  private(set) package var report = Report()

  package init(seed: UInt64) {
    self.seed = seed
    random = SeededGenerator(seed: seed)
    faults = FaultInjectingObjectStore(
      MemoryObjectStore(), environment: SimulatedEnvironment(seed: seed).environment)
  }

  /// - Throws: `Failure`.
  package func run(rounds: Int = .max, isOver: () -> Bool = { false }) async throws {
    if clients.isEmpty { try await open() }
    while report.roundCount < rounds, !isOver() {
      do {
        try await runRound()
      } catch let mismatch as SoakHistory.Mismatch {
        throw failure(mismatch.message)
      } catch let error as SternaError {
        throw failure("without faults, \(error)")
      }
      report.roundCount += 1
    }
    report.faultCount = faults.injectedCount
  }

  private func open() async throws {
    for client in 0..<Self.clientCount {
      var options = StoreOptions()
      // Small slices make deep trees of little data.
      options.rowsPerSlice = 8
      // Tails of a few rows that become blocks at every occasion, refs of a few versions.
      options.layout.tail = TailLimits(
        rowCountMax: 4, smallByteCountMax: Int(seed % 3) * 400, idleByteCountMax: Int(seed % 2) * 600)
      options.layout.history = HistoryLimits(entryCountMax: 3 + Int(seed % 5))
      let store = Store(
        uri: "memory://soak", objects: faults, endpoint: "memory", options: options,
        environment: SimulatedEnvironment(seed: seed &+ UInt64(client) &+ 1).environment)
      clients.append(try await store.library("soak", create: true))
    }
  }

  private func failure(_ message: String) -> Failure {
    Failure(seed: seed, round: report.roundCount, message: message, log: log)
  }
}

// MARK: - Rounds

extension LibrarySoak {
  private func runRound() async throws {
    let rules = SoakFaults.rules(using: &random)
    for rule in rules { faults.add(rule) }
    let count = operationCount()
    let operations = try (0..<count).map { _ in
      try SoakChoice(isAlone: count == 1).operation(
        Self.symbols, histories, Array(snapshots.keys).sorted(), using: &random)
    }
    let done = await perform(operations)
    faults.removeAllRules()
    await faults.deliverLateRequests()
    note(rules, done)
    for (symbol, _) in Self.symbols { try await settle(symbol, done.filter { $0.symbol == symbol }) }
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
    return await withTaskGroup(of: SoakOperation.self) { group in
      for (index, operation) in operations.enumerated() {
        let library = clients[(first + index) % clients.count]
        group.addTask { await operation.run(on: library) }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
  }

  /// Reads what is new through a client that remembers nothing.
  private func settle(_ symbol: String, _ operations: [SoakOperation]) async throws {
    var history = histories[symbol] ?? SoakHistory()
    guard try await clients[0].hasSymbol(symbol) else {
      return try history.explain([], by: operations)
    }
    let infos = try await clients[0].versions(of: symbol)
    let versions = infos.map(\.version)
    guard versions == Array((0..<versions.count).reversed()), versions.count >= history.frames.count else {
      throw SoakHistory.Mismatch(message: "\(symbol) has versions \(versions)")
    }
    var found: [DataFrame] = []
    for version in history.frames.count..<versions.count {
      found.append(try await clients[0].read(symbol, asOf: .version(version)).frame)
    }
    try history.explain(found, by: operations)
    try history.explain(deleted: Set(infos.filter(\.isDeleted).map(\.version)), by: operations)
    histories[symbol] = history
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
    for case (let name, let held?) in snapshots {
      for info in try await clients[1].versions(inSnapshot: name) {
        let frame = try await clients[1].read(info.symbol, asOf: .snapshot(name)).frame
        guard frame.hasSameRows(as: held) else {
          throw SoakHistory.Mismatch(message: "snapshot '\(name)' has changed")
        }
      }
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
      case .committed, .done: report.committedCount += 1
      case .failed: report.failedCount += 1
      case .unknown: report.unknownCount += 1
      }
    }
    log.append("\(report.roundCount): " + operations.map(\.description).joined(separator: "; "))
    if log.count > 20 { log.removeFirst() }
  }
}
