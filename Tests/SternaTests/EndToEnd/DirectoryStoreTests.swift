import Sterna
import TestSupport
import Testing

/// A folder as a store, from the URI on: what one opens, another that shares nothing with it must see.
@Suite struct DirectoryStoreTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func open(_ form: String = "") async throws -> Library {
    let store = try await Store.open("\(form)\(folder.path)/store")
    return try await store.library("ticks", create: true)
  }

  @Test func whatOneOpenedStoreWritesAnotherReads() async throws {
    let day1 = try SampleFrames.ticks(2_000, from: 0, seed: 1)
    let day2 = try SampleFrames.ticks(1_500, from: 1_000_000_000_000, seed: 2)
    try await open().write("SPY", day1, metadata: ["day": 1])
    try await open("file://").append("SPY", day2)
    let reader = try await open()
    let both = try DataFrame.concatenating([day1, day2])
    #expect(try await reader.read("SPY").frame.hasSameRows(as: both))
    let first = try await reader.read("SPY", asOf: .version(0))
    #expect(first.frame.hasSameRows(as: day1) && first.metadata == ["day": 1])
    #expect(try await reader.symbolNames() == ["SPY"])
  }

  @Test func storesOpenedApartCommitToOneSymbolWithoutLoss() async throws {
    try await open().write("S", DataFrame([("value", .int64s([-1]))]))
    try await withThrowingTaskGroup { group in
      for writer in 0..<4 {
        group.addTask {
          let library = try await open()
          for round in 0..<3 {
            try await library.append("S", DataFrame([("value", .int64s([Int64(writer * 3 + round)]))]))
          }
        }
      }
      try await group.waitForAll()
    }
    let result = try await open().read("S")
    let values = try #require(result.frame["value"]).withValues(as: Int64.self) { Array($0) }
    #expect(values.sorted() == Array(-1..<12))
    #expect(result.version.version == 12)
  }
}
