import ObjectStore
import SternaBase
import TestSupport
import Testing

@Suite struct DirectoryListingTests {
  @Test(
    "Listings are in key order although folders are not, also when few names fit in memory",
    arguments: [2, 4_096])
  func listingMatchesModel(listedNameCountMax: Int) async throws {
    let seed: UInt64 = 31
    var random = SeededGenerator(seed: seed)
    // Pieces that meet where components are cut (80 bytes) and around the slash.
    let pieces = ["a", "/", "-", "0", "\u{e9}", String(repeating: "y", count: 79)]
    for round in 0..<5 {
      let folder = try TemporaryFolder()
      let store = DirectoryObjectStore(
        root: folder.path, durability: .processCrash, listedNameCountMax: listedNameCountMax)
      var keys: Set<KeyBytes> = []
      for _ in 0..<25 {
        let count = Int.random(in: 1...5, using: &random)
        let key = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "a" }.joined()
        keys.insert(KeyBytes(key))
        try await store.put(key, .empty)
      }
      try await ListingModel.check(
        store, holds: keys, prefixes: ["", "a", "a/", "/", pieces[5], pieces[5] + "y"],
        delimiters: [nil, "/"],
        startAfters: [nil, "a/", "a0"], pageSizes: [1, 3, 1_000], "seed \(seed), round \(round)")
    }
  }

  @Test("Files that are no objects of the store are not listed and not read")
  func foreignFilesAreIgnored() async throws {
    let folder = try TemporaryFolder()
    let store = DirectoryObjectStore(root: folder.path)
    try await store.put("a/b", [1])
    try folder.write("notes.txt", "hello")
    try folder.write("a/x b")
    try folder.makeFolder("folder@")
    try folder.makeFolder("a/empty")
    #expect(try await store.list(ListRequest(prefix: "")).entries.map(\.key) == ["a/b"])
    #expect(try await store.list(ListRequest(prefix: "", delimiter: "/")).commonPrefixes == ["a/"])
    await #expect { try await store.get("folder") } throws: {
      ($0 as? SternaError)?.code == .objectNotFound
    }
    await #expect { try await store.head("notes.txt/x") } throws: {
      ($0 as? SternaError)?.code == .objectNotFound
    }
  }

  @Test("A prefix longer than any key lists nothing")
  func overlongPrefix() async throws {
    let folder = try TemporaryFolder()
    let store = DirectoryObjectStore(root: folder.path)
    let page = try await store.list(ListRequest(prefix: String(repeating: "\u{1}/", count: 5_000)))
    #expect(page == ListPage(entries: []))
  }
}
