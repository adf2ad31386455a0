import ObjectStore
import SternaBase
import TestSupport
import Testing

@Suite struct MemoryObjectStoreTests {
  @Test("Tags from content return with the bytes; tags from writes never do")
  func tagSources() async throws {
    let tags = { (store: MemoryObjectStore) in
      var tags: [ETag] = []
      for text in ["a", "b", "a"] { tags.append(try await store.put("k", Bytes(utf8: text)).tag) }
      return tags
    }
    let byContent = try await tags(MemoryObjectStore())
    #expect(byContent[0] == byContent[2] && byContent[0] != byContent[1])
    #expect(Set(try await tags(MemoryObjectStore(tags: .write))).count == 3)
  }

  @Test("Pages are what sorting and folding all keys gives, for random small stores")
  func listingMatchesModel() async throws {
    let seed: UInt64 = 11
    var random = SeededGenerator(seed: seed)
    for round in 0..<60 {
      let store = MemoryObjectStore()
      var keys: Set<KeyBytes> = []
      for _ in 0..<Int.random(in: 0...12, using: &random) {
        let length = Int.random(in: 1...4, using: &random)
        let key = KeyBytes((0..<length).map { _ in "a/b".utf8.randomElement(using: &random) ?? 0 })
        keys.insert(key)
        try await store.put(key.text, .empty)
      }
      try await ListingModel.check(
        store, holds: keys, prefixes: ["", "a", "a/", "/"], delimiters: [nil, "/", "b/"],
        startAfters: [nil, "a", "a/", "a/b"], pageSizes: [1, 2, 3, 4], "seed \(seed), round \(round)")
    }
  }
}
