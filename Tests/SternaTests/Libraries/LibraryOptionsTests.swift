import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import Sterna

/// What is chosen for a library stays with it.
@Suite struct LibraryOptionsTests {
  private func makeStore(_ memory: any ObjectStore = MemoryObjectStore()) -> Store {
    Store(
      uri: "memory://options", objects: memory, endpoint: "memory", options: StoreOptions(),
      environment: SimulatedEnvironment(seed: 3).environment)
  }

  @Test func whatWasChosenIsFoundByWhoeverOpensTheLibrary() async throws {
    let store = makeStore()
    let options = LibraryOptions(
      dynamicSchema: true, rowsPerSegment: 4, columnsPerSegment: 2, extra: [.init("own", [1])])
    #expect(try await store.openLibrary("a", creatingWith: options).isNew)
    let opened = try await store.openLibrary("a", creatingWith: LibraryOptions())
    #expect(!opened.isNew && opened.library.options == options)
    try await opened.library.write("S", try SampleFrames.ticks(64))
    // 64 rows in slices of 2 to 8.
    #expect(try await opened.library.versions(of: "S")[0].sliceCount >= 8)
    await #expect(throws: SternaError.self) { try await store.openLibrary("b") }
    #expect(try await store.openLibrary("c", creatingWith: .init()).library.options == LibraryOptions())
  }

  @Test func fewerBytesOrFasterDecodingCanBePreferred() async throws {
    var random = SeededGenerator(seed: 5)
    // Sizes of few kinds, most of them one: zstd finds more in them than packing does.
    let sizes = (0..<50_000).map { _ in
      Int64.random(in: 0..<8, using: &random) > 0 ? 100 : Int64.random(in: 1...9, using: &random) * 700
    }
    let frame = try DataFrame([("size", .int64s(sizes))])
    var byteCounts: [Int] = []
    for preference in [EncodingOptions.Preference.size, .speed] {
      var options = StoreOptions()
      options.encodingPreference = preference
      let store = Store(
        uri: "memory://preferred", objects: MemoryObjectStore(), endpoint: "memory", options: options,
        environment: SimulatedEnvironment(seed: 3).environment)
      let library = try await store.library("a", create: true)
      try await library.write("S", frame)
      byteCounts.append(try await library.versions(of: "S")[0].byteCount)
      #expect(try await library.read("S").frame.hasSameRows(as: frame))
    }
    #expect(byteCounts[0] < byteCounts[1], "\(byteCounts)")
  }

  @Test func changesOfSeveralWritersAllCount() async throws {
    let store = makeStore()
    try await store.createLibrary("a")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<8 {
        group.addTask {
          try await store.changeOptions(of: "a") { $0.extra.append(.init("o\(number)", true)) }
        }
      }
      try await group.waitForAll()
    }
    #expect(try await store.openLibrary("a").library.options.extra.count == 8)
  }

  @Test func sizesTellSymbolsAndKindsApart() async throws {
    let memory = MemoryObjectStore()
    let library = try await makeStore(memory).library("a", create: true)
    let long = String(repeating: "ü", count: 300)
    for name in ["x", long] { try await library.write(name, try SampleFrames.ticks(20_000)) }
    try await library.write("gone", try SampleFrames.ticks(20_000))
    try await library.deleteSymbol("gone")
    try await library.snapshot("s")
    let sizes = try await library.sizes()
    #expect(Set(sizes.symbols.keys) == ["x", long])
    #expect(sizes.symbols["x"]?[.ref]?.objectCount == 1)
    #expect((sizes.symbols[long]?[.segment]?.byteCount ?? 0) > 10_000)
    #expect(sizes.rest[.snapshot]?.objectCount == 1 && sizes.rest[.segment] != nil)
    let counted = (Array(sizes.symbols.values) + [sizes.rest]).flatMap(\.values)
    var byteCount = 0
    for try await page in memory.listing(prefix: "a/") {
      byteCount += page.entries.reduce(0) { $0 + $1.byteCount }
    }
    #expect(counted.reduce(0) { $0 + $1.byteCount } == byteCount)
  }
}
