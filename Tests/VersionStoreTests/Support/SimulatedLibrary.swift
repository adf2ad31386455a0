import Columnar
import ObjectStore
import SternaBase
import TestSupport

@testable import VersionStore

/// Clients of one library in memory. Each has its own seed, cache and memory of refs, as processes have.
struct SimulatedLibrary {
  let memory = MemoryObjectStore()

  /// - Parameter objects: the client's way to the store; nil for the direct one.
  func client(
    seed: UInt64 = 1, through objects: (any ObjectStore)? = nil, rowsPerSlice: Int = 4,
    tail: TailLimits = TailLimits(), history: HistoryLimits = HistoryLimits(entryCountMax: 32)
  ) -> SymbolStore {
    SymbolStore(
      store: objects ?? memory, environment: SimulatedEnvironment(seed: seed).environment,
      options: SymbolStore.Options(
        shape: SliceShape(rowCountTarget: rowsPerSlice), tail: tail, history: history))
  }

  /// All keys, in order.
  func keys(_ prefix: String = "") async throws -> [String] {
    var keys: [String] = []
    for try await page in memory.listing(prefix: prefix) { keys += page.entries.map(\.key) }
    return keys
  }
}

extension SymbolStore {
  /// A version of `count` consecutive numbers.
  @discardableResult
  func write(_ symbol: String, from start: Int64, count: Int64 = 20) async throws -> VersionEntry {
    try await write(symbol, try Self.frame(from: start, count: count))
  }

  @discardableResult
  func append(_ symbol: String, from start: Int64, count: Int64 = 1) async throws -> VersionEntry {
    try await append(symbol, try Self.frame(from: start, count: count))
  }

  static func frame(from start: Int64, count: Int64) throws -> DataFrame {
    let numbers = Array(start..<(start + count))
    return try DataFrame(
      [("time", .timestamps(numbers, unit: .nanosecond)), ("value", .int64s(numbers))], index: "time")
  }

  func values(_ symbol: String, _ selector: VersionSelector = .latest) async throws -> [Int64] {
    try await version(symbol, selector).values()
  }
}

extension StoredVersion {
  func values() async throws -> [Int64] {
    try await read()["value"]?.withValues(as: Int64.self) { Array($0) } ?? []
  }
}
