import Foundation
import Sterna
import TestSupport
import Testing

/// Writes the golden stores of this format version; `scripts/golden` runs it.
enum GoldenWriter {
  static func write(to path: String) async throws {
    let simulated = SimulatedEnvironment(seed: 20)
    var options = StoreOptions()
    options.rowsPerSlice = 8
    let store = try await Store.open(path, options: options, environment: simulated.environment)
    let library = try await store.library("market", create: true)
    try await writeTicks(library)
    try await library.write("every type", GoldenContents.everyType(), metadata: ["π": [3.25, nil, "x"]])
    try await library.write(GoldenContents.longName, GoldenContents.frame([(1, 0)]))
    try await library.write("deleted", GoldenContents.frame([(5, 0)]))
    try await library.deleteSymbol("deleted")
    for generation in Int64(0)..<3 {
      try await library.write("pruned", GoldenContents.frame([(9, generation)]))
    }
    try await library.prune("pruned")
    try await library.snapshot("gone")
    try await library.deleteSnapshot("gone")
    _ = try await library.stage("ticks", GoldenContents.frame((200..<220).map { (Int64($0), 0) }))
    _ = try await library.stage("staged only", GoldenContents.frame([(7, 0), (8, 0)]))
    _ = try await library.collect()
    try await library.append("pruned", GoldenContents.frame([(10, 0)]))
  }

  /// A store of one symbol whose versions have slices that are parts of segments.
  static func writeParts(to path: String) async throws {
    let simulated = SimulatedEnvironment(seed: 21)
    var options = StoreOptions()
    options.rowsPerSlice = 32
    let store = try await Store.open(path, options: options, environment: simulated.environment)
    let library = try await store.library("market", create: true)
    let versions = GoldenContents.parts
    try await library.write("parts", GoldenContents.frame(versions[0]))
    try await library.write("parts", GoldenContents.frame(versions[1]))
    try await library.update("parts", GoldenContents.frame([versions[2][120]]))
    let doomed = [150, 155].map { Timestamp(nanosecondsSinceEpoch: GoldenContents.time($0)) }
    try await library.deleteRows(of: "parts", time: doomed[0]...doomed[1])
    try await library.append("parts", GoldenContents.frame([(500, 0), (501, 0)]))
    try await library.write("parts", GoldenContents.frame(versions[5]))
  }

  private static func writeTicks(_ library: Library) async throws {
    try await library.write("ticks", GoldenContents.frame((0..<60).map { (Int64($0), 0) }))
    try await library.append("ticks", GoldenContents.frame((60..<63).map { (Int64($0), 0) }))
    try await library.update("ticks", GoldenContents.frame((10...12).map { (Int64($0), 1) }))
    let doomed = [20, 29].map { Timestamp(nanosecondsSinceEpoch: GoldenContents.time($0)) }
    try await library.deleteRows(of: "ticks", time: doomed[0]...doomed[1])
    try await library.writeMetadata("ticks", ["source": "golden"])
    try await library.snapshot("month-end", symbols: ["ticks"], metadata: ["closed": true])
    for number in Int64(100)..<140 {
      try await library.append("ticks", GoldenContents.frame([(number, 0)]))
    }
    try await library.deleteVersions([1, 7], of: "ticks")
  }
}

/// Not a test: how the stores came to be.
@Suite struct GoldenWriting {
  private static let path = ProcessInfo.processInfo.environment["STERNA_WRITE_GOLDEN"]

  @Test(.enabled(if: path != nil)) func writeGoldenStore() async throws {
    try await GoldenWriter.write(to: try #require(Self.path))
  }

  @Test(.enabled(if: path != nil)) func writeGoldenParts() async throws {
    try await GoldenWriter.writeParts(to: try #require(Self.path))
  }
}
