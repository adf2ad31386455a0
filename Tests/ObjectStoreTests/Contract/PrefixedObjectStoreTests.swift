import ObjectStore
import SternaBase
import Testing

@Suite struct PrefixedObjectStoreTests {
  @Test("Keys are relative in answers and whole in the base, also when they begin with a combining mark")
  func keysAreRelative() async throws {
    let base = MemoryObjectStore()
    let store = PrefixedObjectStore(base, prefix: "pre")
    let keys = ["\u{301}x", "a", "b/c"]
    for key in keys { try await store.put(key, Bytes(utf8: key)) }
    try await base.put("other", [1])
    let page = try await store.list(ListRequest(prefix: ""))
    #expect(Set(page.entries.map { KeyBytes($0.key) }) == Set(keys.map { KeyBytes($0) }))
    #expect(try await store.list(ListRequest(prefix: "", delimiter: "/")).commonPrefixes == ["b/"])
    #expect(try await base.get("prea").bytes == Bytes(utf8: "a"))
    #expect(try await store.delete(keys).map { KeyBytes($0.key) } == keys.map { KeyBytes($0) })
    #expect(base.count == 1)
  }
}
