import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import Sterna

/// What a commit may demand of the state that it takes effect on, and what it deletes at once.
@Suite struct CommitTermsTests {
  private let memory = RecordingObjectStore(MemoryObjectStore())

  /// A client of its own: what one of them commits, the other does not know.
  private func makeLibrary(client: UInt64 = 7) async throws -> Library {
    let store = Store(
      uri: "memory://terms", objects: memory, endpoint: "memory", options: StoreOptions(),
      environment: SimulatedEnvironment(seed: client).environment)
    return try await store.library("ticks", create: true)
  }

  private func expectConflict(_ work: () async throws -> Void) async {
    do {
      try await work()
      Issue.record("no conflict")
    } catch {
      #expect((error as? SternaError)?.code == .conflict)
    }
  }

  @Test func aVersionThatIsNotTheLatestAnyMoreIsAConflict() async throws {
    let (mine, other) = (try await makeLibrary(), try await makeLibrary(client: 8))
    let frame = try SampleFrames.ticks(5)
    let first = mine.committing(on: .init(expectation: .noVersion))
    #expect(try await first.write("S", frame).version == 0)
    await expectConflict { try await first.write("S", frame) }
    let second = mine.committing(on: .init(expectation: .version(0)))
    #expect(try await second.append("S", try SampleFrames.ticks(5, from: 1 << 40)).version == 1)
    // What this client remembers is out of date now: only the store's state decides.
    try await other.writeMetadata("S", 1)
    await expectConflict {
      try await mine.committing(on: .init(expectation: .version(1))).writeMetadata("S", 2)
    }
    #expect(
      try await mine.committing(on: .init(expectation: .version(2))).writeMetadata("S", 2).version == 3)
    #expect(try await mine.metadata(of: "S") == 2)
  }

  @Test func aMemberOfTheMetadataThatWasChangedIsAConflict() async throws {
    let (mine, other) = (try await makeLibrary(), try await makeLibrary(client: 8))
    let frame = try SampleFrames.ticks(5)
    try await mine.write("S", frame, metadata: ["layout": [1, 2], "user": 1])
    func expecting(_ value: JSONValue?) -> Library {
      mine.committing(on: .init(expectation: .metadataMember("layout", value)))
    }
    await expectConflict { try await expecting(nil).writeMetadata("S", 2) }
    await expectConflict { try await expecting([2, 1]).writeMetadata("S", 2) }
    // Another's commit that leaves the member alone is no conflict.
    try await other.writeMetadata("S", ["layout": [1, 2], "user": 9])
    try await expecting([1, 2]).writeMetadata("S", ["user": 3])
    #expect(try await expecting(nil).writeMetadata("S", 4).version == 3)
    try await other.deleteSymbol("S")
    await expectConflict { try await expecting(nil).append("S", frame) }
  }

  @Test func earlierVersionsAreDeletedByTheSameRequest() async throws {
    let library = try await makeLibrary()
    for _ in 0..<3 { try await library.write("S", try SampleFrames.ticks(5)) }
    let before = memory.records.count
    let pruning = library.committing(on: .init(prunesPreviousVersions: true))
    try await pruning.append("S", try SampleFrames.ticks(5, from: 1 << 40))
    let refs = memory.records[before...].filter { $0.key.contains("refs/") }
    #expect(refs.count == 1)
    #expect(try await library.versions(of: "S").filter { !$0.isDeleted }.map(\.version) == [3])
    #expect(try await library.read("S").frame.rowCount == 10)
  }
}
