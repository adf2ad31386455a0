import Columnar
import ObjectStore
import Sterna
import SternaBase
import TestSupport
import VersionStore

/// Random operations of several clients on one library in a store whose requests go wrong, against a
/// history in memory.
///
/// Which operations and faults there are follows from the seed alone, and from what happened before. The
/// order in which overlapping clients and uploads run is the runtime's: where that is one queue
/// (`SerialRuntime`, in the program `Soak`), a seed replays to the last request.
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
    /// Of all that was done and said: equal when a seed went the same way twice.
    package var fingerprint = SHA256Digest(hashing: "")

    package init() {}

    package static func += (total: inout Report, part: Report) {
      total.roundCount += part.roundCount
      total.committedCount += part.committedCount
      total.failedCount += part.failedCount
      total.unknownCount += part.unknownCount
      total.faultCount += part.faultCount
      total.fingerprint = SHA256Digest(hashing: total.fingerprint.hex + part.fingerprint.hex)
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

  static let clientCount = 3
  static let symbols: [(name: String, kind: SoakFrames.Kind)] = [
    ("ticks", .ticks), ("rows", .rows), ("more ticks", .ticks), ("more rows", .rows),
  ]

  private let seed: UInt64
  var random: SeededGenerator
  let faults: FaultInjectingObjectStore
  private(set) var clients: [Library] = []
  var histories: [String: SoakHistory] = [:]
  /// What each snapshot holds; nil while it is not known whether it is there.
  var snapshots: [String: DataFrame?] = [:]
  var staging = SoakStaging()
  private var log: [String] = []
  package var report = Report()

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

  func note(_ line: String) {
    log.append("\(report.roundCount): " + line)
    if log.count > 20 { log.removeFirst() }
    report.fingerprint = SHA256Digest(hashing: report.fingerprint.hex + line)
  }

  private func failure(_ message: String) -> Failure {
    Failure(seed: seed, round: report.roundCount, message: message, log: log)
  }
}
