import ObjectStore
import SternaBase
import TestSupport
import Testing
import VersionStore

@testable import Sterna

/// Which stores are written to at all: those whose conditional writes hold, or whose user vouches.
@Suite struct StoreSafetyTests {
  private let memory = MemoryObjectStore()

  private func open(
    _ objects: any ObjectStore, endpoint: String = "here", singleWriter: Bool = false
  ) -> Store {
    var options = StoreOptions()
    options.allowsSingleWriter = singleWriter
    return Store(
      uri: "memory://safety", objects: objects, endpoint: endpoint, options: options,
      environment: SimulatedEnvironment(seed: 3).environment)
  }

  @Test(arguments: UnsafeConditionObjectStore.Defect.allCases)
  func anUnsafeStoreIsRefusedWithTheProofAndLeftEmpty(defect: UnsafeConditionObjectStore.Defect) async {
    let store = open(UnsafeConditionObjectStore(memory, defect: defect))
    let error = await #expect(throws: SternaError.self) { try await store.createLibrary("ticks") }
    #expect(error?.code == .unsupportedStore)
    #expect(error?.message.contains("writers won") == true || error?.message.contains("put") == true)
    #expect(error?.advice?.contains("single_writer") == true)
    #expect(memory.count == 0)
  }

  @Test func aSingleWriterIsTakenAtHisWordWhichIsRecorded() async throws {
    let unsafe = UnsafeConditionObjectStore(memory, defect: .ignoresIfMatch)
    let store = open(unsafe, singleWriter: true)
    let library = try await store.library("ticks", create: true)
    try await library.write("S", SampleFrames.ticks(30))
    try await library.append("S", SampleFrames.ticks(5, from: 1_000_000_000))
    #expect(try await library.read("S").frame.rowCount == 35)
    #expect(try await store.catalog.marker()?.conditionalWrites == .singleWriter)
    // The record speaks for those who come later.
    #expect(try await open(unsafe).createLibrary("more"))
  }

  @Test func aMarkerOfAnotherEndpointProvesNothingHere() async throws {
    #expect(try await open(memory, endpoint: "safe").createLibrary("ticks"))
    let unsafe = UnsafeConditionObjectStore(memory, defect: .ignoresCreate)
    let error = await #expect(throws: SternaError.self) {
      try await open(unsafe, endpoint: "gateway").createLibrary("more")
    }
    #expect(error?.code == .unsupportedStore)
    #expect(try await open(memory, endpoint: "other gateway").createLibrary("more"))
    #expect(try await open(memory).libraries() == ["more", "ticks"])
  }

  @Test func formatsOfTheFutureAreRefusedByName() async throws {
    let store = open(memory)
    let library = try await store.library("ticks", create: true)
    try await library.write("S", SampleFrames.ticks(5))
    func refusal(_ work: () async throws -> Void) async -> SternaError.Code? {
      await #expect(throws: SternaError.self) { try await work() }?.code
    }
    // A ref of another version, whose checksum is right.
    let key = "ticks/" + LibraryKeys.ref(of: try ObjectName("S", subject: "symbol"))
    var ref = try await memory.get(key).bytes.array.dropLast(SHA256Digest.byteCount)
    ref[5] = 9
    let sealed = Array(ref) + SHA256Digest(hashing: Bytes(ref)).bytes
    _ = try await memory.put(key, Bytes(sealed))
    #expect(await refusal { _ = try await library.read("S") } == .unsupportedFormat)
    #expect(
      await refusal { _ = try await open(memory).library("ticks").append("S", SampleFrames.ticks(1)) }
        == .unsupportedFormat)

    _ = try await memory.put("ticks/library.json", Bytes(utf8: #"{"format": 2}"#))
    #expect(await refusal { _ = try await store.hasLibrary("ticks") } == .unsupportedFormat)
    #expect(try await store.libraries() == ["ticks"])
    _ = try await memory.put("sterna.json", Bytes(utf8: #"{"format": 2}"#))
    #expect(await refusal { try await store.createLibrary("more") } == .unsupportedFormat)
  }

  @Test func foldersOfOthersAreNoLibraries() async throws {
    let store = open(memory)
    try await store.createLibrary("ticks")
    for key in ["/empty", "sterna.json/x", "a+b/library.json", "%2E%2E/x", "caf%/x", "plain/x"] {
      _ = try await memory.put(key, [1])
    }
    #expect(try await store.libraries() == ["ticks"])
  }
}
