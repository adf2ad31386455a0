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

  @Test("Pages are what sorting and filtering all keys gives, for all small listings")
  func listingMatchesModel() async throws {
    var random = SeededRandom(seed: 11)
    for round in 0..<60 {
      let store = MemoryObjectStore()
      var keys: Set<KeyBytes> = []
      for _ in 0..<Int.random(in: 0...12, using: &random) {
        let length = Int.random(in: 1...4, using: &random)
        let key = String((0..<length).map { _ in "a/b".randomElement(using: &random) ?? "a" })
        keys.insert(KeyBytes(key))
        try await store.put(key, .empty)
      }
      for prefix in ["", "a", "a/", "/"] {
        for delimiter in [nil, "/", "b/"] as [String?] {
          for startAfter in [nil, "a", "a/", "a/b"] as [String?] {
            let expected = ListingModel.items(
              of: keys, prefix: prefix, delimiter: delimiter, startAfter: startAfter)
            for pageSize in 1...4 {
              var items: [String] = []
              let listing = store.listing(
                prefix: prefix, startAfter: startAfter, delimiter: delimiter, pageSize: pageSize)
              for try await page in listing {
                let count = page.entries.count + page.commonPrefixes.count
                #expect(count <= pageSize && (count == pageSize || page.continuation == nil))
                items += (page.entries.map(\.key) + page.commonPrefixes).sorted {
                  KeyBytes($0) < KeyBytes($1)
                }
              }
              #expect(
                items == expected, "round \(round) \(prefix) \(delimiter ?? "-") \(startAfter ?? "-")")
            }
          }
        }
      }
    }
  }
}

/// What a listing holds, by filtering and folding all keys.
enum ListingModel {
  static func items(
    of keys: Set<KeyBytes>, prefix: String, delimiter: String?, startAfter: String?
  ) -> [String] {
    var items: Set<KeyBytes> = []
    for key in keys where key.hasPrefix(KeyBytes(prefix)) {
      let rest = key.text.dropFirst(prefix.count)
      if let delimiter, let end = rest.firstEnd(of: delimiter) {
        items.insert(KeyBytes(prefix + rest[..<end]))
      } else {
        items.insert(key)
      }
    }
    let behind = startAfter.map { start in items.filter { KeyBytes(start) < $0 } } ?? items
    return behind.sorted().map(\.text)
  }
}

extension Substring {
  /// The end of the first occurrence of `text`.
  fileprivate func firstEnd(of text: String) -> Index? {
    indices.first { self[$0...].hasPrefix(text) }.map { index($0, offsetBy: text.count) }
  }
}
