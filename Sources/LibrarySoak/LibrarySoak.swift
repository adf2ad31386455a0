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
    let operations = try (0..<operationCount()).map { _ in try nextOperation() }
    let done = await perform(operations)
    faults.removeAllRules()
    await faults.deliverLateRequests()
    note(rules, done)
    for (symbol, _) in Self.symbols { try await settle(symbol, done.filter { $0.symbol == symbol }) }
    if Int.random(in: 0..<8, using: &random) == 0 { try await readBack() }
  }

  private func operationCount() -> Int {
    Int.random(in: 0..<3, using: &random) == 0 ? Self.clientCount : 1
  }

  private func nextOperation() throws -> SoakOperation {
    let (symbol, kind) = Self.symbols[Int.random(in: 0..<Self.symbols.count, using: &random)]
    let latest = histories[symbol]?.latest
    // A symbol that only grew would make every later round slower than the one before.
    let isWrite = Int.random(in: 0..<5, using: &random) == 0 || (latest?.rowCount ?? 0) > 2_000
    // Now and then rows come before the end of the symbol, which must be refused.
    let gap = Int64.random(in: -1...4, using: &random)
    let start = isWrite ? 0 : (latest?.lastTime ?? 0) + gap
    let rowCount = [0, 1, 3, 10, 60][Int.random(in: 0..<5, using: &random)]
    return SoakOperation(
      kind: isWrite ? .write : .append, symbol: symbol,
      frame: try SoakFrames.frame(kind, rowCount: rowCount, from: start, using: &random))
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
    let versions = try await clients[0].versions(of: symbol).map(\.version)
    guard versions == Array((0..<versions.count).reversed()), versions.count >= history.frames.count else {
      throw SoakHistory.Mismatch(message: "\(symbol) has versions \(versions)")
    }
    var found: [DataFrame] = []
    for version in history.frames.count..<versions.count {
      found.append(try await clients[0].read(symbol, asOf: .version(version)).frame)
    }
    try history.explain(found, by: operations)
    histories[symbol] = history
  }

  /// Any version at all, as it was when it was made.
  private func readBack() async throws {
    for (symbol, _) in Self.symbols {
      let drawn = random.next()
      guard let history = histories[symbol], !history.frames.isEmpty else { continue }
      let version = Int(drawn % UInt64(history.frames.count))
      let frame = try await clients[1].read(symbol, asOf: .version(version)).frame
      guard frame.hasSameRows(as: history.frames[version]) else {
        throw SoakHistory.Mismatch(message: "version \(version) of \(symbol) has changed")
      }
    }
  }

  private func note(_ rules: [FaultRule], _ operations: [SoakOperation]) {
    for operation in operations {
      switch operation.outcome {
      case .committed: report.committedCount += 1
      case .failed: report.failedCount += 1
      case .unknown: report.unknownCount += 1
      }
    }
    log.append("\(report.roundCount): " + operations.map(\.description).joined(separator: "; "))
    if log.count > 20 { log.removeFirst() }
  }
}
