import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import Sterna

/// What is kept with staged rows, for whoever commits them.
@Suite struct StagedMetadataTests {
  @Test func whatWasGivenWithRowsIsFoundWithThemAndIsNoPartOfTheVersion() async throws {
    let store = Store(
      uri: "memory://staged", objects: MemoryObjectStore(), endpoint: "memory", options: StoreOptions(),
      environment: SimulatedEnvironment(seed: 13).environment)
    let library = try await store.library("ticks", create: true)
    // Small enough to stand in the descriptor, and large enough for a block of its own.
    let given: [JSONValue?] = [["layout": 1], .string(String(repeating: "x", count: 10_000)), nil]
    for (number, metadata) in given.enumerated() {
      let frame = try SampleFrames.ticks(10, from: Int64(number) << 40)
      #expect(try await library.stage("S", frame, metadata: metadata).metadata == metadata)
    }
    // All were staged at one instant of the simulated clock, so their order is open.
    #expect(Set(try await library.stagedRows(of: "S").map(\.metadata)) == Set(given))
    let terms = CommitTerms(expectation: .noVersion)
    try await library.committing(on: terms).commitStaged("S", metadata: "of the version")
    #expect(try await library.metadata(of: "S") == "of the version")
    #expect(try await library.read("S").frame.rowCount == 30)
  }
}
