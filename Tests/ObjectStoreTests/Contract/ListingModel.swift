import ObjectStore
import TestSupport
import Testing

/// What a listing holds, by filtering and folding all keys: slow, and plainly right.
enum ListingModel {
  static func items(
    of keys: Set<KeyBytes>, prefix: String, delimiter: String?, startAfter: String?
  ) -> [KeyBytes] {
    var items: Set<KeyBytes> = []
    for key in keys where key.hasPrefix(KeyBytes(prefix)) {
      items.insert(fold(key, prefix: KeyBytes(prefix), delimiter: delimiter))
    }
    return items.filter { item in startAfter.map { KeyBytes($0) < item } ?? true }.sorted()
  }

  private static func fold(_ key: KeyBytes, prefix: KeyBytes, delimiter: String?) -> KeyBytes {
    guard let delimiter else { return key }
    let text = Array(delimiter.utf8)
    for end in stride(from: prefix.bytes.count + text.count, through: key.bytes.count, by: 1)
    where key.bytes[..<end].suffix(text.count) == text[...] {
      return KeyBytes(Array(key.bytes[..<end]))
    }
    return key
  }

  /// Lists in all ways that the arguments combine to and compares with the model.
  static func check(
    _ store: any ObjectStore, holds keys: Set<KeyBytes>, prefixes: [String], delimiters: [String?],
    startAfters: [String?], pageSizes: [Int], _ comment: Comment
  ) async throws {
    for prefix in prefixes {
      for delimiter in delimiters {
        for startAfter in startAfters {
          let expected = items(of: keys, prefix: prefix, delimiter: delimiter, startAfter: startAfter)
          for pageSize in pageSizes {
            var listed: [KeyBytes] = []
            let listing = store.listing(
              prefix: prefix, startAfter: startAfter, delimiter: delimiter, pageSize: pageSize)
            for try await page in listing {
              let items = page.entries.map { KeyBytes($0.key) } + page.commonPrefixes.map { KeyBytes($0) }
              #expect(items.count <= pageSize, comment)
              #expect(items.count == pageSize || page.continuation == nil, comment)
              listed += items.sorted()
            }
            #expect(
              listed == expected,
              "\(comment): \(prefix), \(delimiter ?? "-"), \(startAfter ?? "-"), \(pageSize)")
          }
        }
      }
    }
  }
}
