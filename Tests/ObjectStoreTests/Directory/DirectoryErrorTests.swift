import SternaBase
import TestSupport
import Testing

@testable import ObjectStore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite struct DirectoryErrorTests {
  @Test("A root that cannot be is an error of every verb, naming the path and the reason")
  func impossibleRoot() async throws {
    let store = DirectoryObjectStore(root: "/dev/null/store")
    let requests: [@Sendable () async throws -> Void] = [
      { _ = try await store.get("k") }, { _ = try await store.head("k") },
      { try await store.put("k", [1]) },
      { try await store.put("k", [1], mode: .create) }, { try await store.delete("k") },
      { _ = try await store.list(ListRequest(prefix: "")) },
    ]
    for request in requests {
      await #expect { try await request() } throws: { error in
        guard let error = error as? SternaError else { return false }
        return error.code == .fileSystem && error.message.contains("/dev/null/store: not a directory")
          && error.advice != nil && !error.mayHaveBeenApplied && error.retry == .never
      }
    }
  }

  @Test("A root that does not exist reads as an empty store, and is made by the first put")
  func absentRoot() async throws {
    let folder = try TemporaryFolder()
    for root in ["\(folder.path)/x", "\(folder.path)/y/z/store/"] {
      let store = DirectoryObjectStore(root: root)
      await #expect { try await store.get("k") } throws: { ($0 as? SternaError)?.code == .objectNotFound }
      await #expect { try await store.head("k") } throws: { ($0 as? SternaError)?.code == .objectNotFound }
      await #expect { try await store.put("k", [1], mode: .ifMatch(ETag("t"))) } throws: {
        ($0 as? SternaError)?.code == .preconditionFailed
      }
      try await store.delete("k")
      #expect(try await store.list(ListRequest(prefix: "")) == ListPage(entries: []))
      #expect(try await store.delete(["k", "l"]).map(\.key) == ["k", "l"])
    }
    #expect(folder.names() == [])
    for root in ["\(folder.path)/x", "\(folder.path)/y/z/store/"] {
      let store = DirectoryObjectStore(root: root)
      try await store.put("k", [1])
      #expect(try await store.get("k").bytes == [1])
    }
  }

  @Test("A root too deep for the system's limit on paths below it still holds the longest key")
  func deepRoot() async throws {
    let folder = try TemporaryFolder()
    let deep = folder.path + String(repeating: "/" + String(repeating: "d", count: 200), count: 12)
    let key = String(repeating: "\u{1}/", count: 512)
    let store = DirectoryObjectStore(root: deep, durability: .processCrash)
    try await store.put(key, [7])
    #expect(try await store.get(key).bytes == [7])
    #expect(try await store.list(ListRequest(prefix: "")).entries.map(\.key) == [key])
    try await store.delete(key)
  }

  @Test(
    "A system's refusal becomes an error with its text and what to do",
    arguments: [
      (ENOSPC, "no space left on device", "Free some space"),
      (EACCES, "permission denied", "may read and write"),
      (EROFS, "read-only file system", "may read and write"), (EMFILE, "too many open files", "ulimit"),
      (EIO, "input/output error", "disk"),
    ])
  func refusals(code: Int32, text: String, advice: String) {
    let error = SystemFailure(operation: "write", path: "/store/x", code: code).error(key: "x")
    #expect(
      error.code == .fileSystem && error.message == "cannot write /store/x: \(text)" && error.key == "x")
    #expect(error.advice?.contains(advice) == true)
    #expect((error.retry == .transient) == (code == EMFILE))
  }

  @Test("Keys of no bytes and of over 1,024 bytes are refused before any I/O", arguments: [0, 1_025])
  func illegalKeys(byteCount: Int) async throws {
    let key = String(repeating: "k", count: byteCount)
    for store in [MemoryObjectStore(), DirectoryObjectStore(root: "/dev/null/x")] as [any ObjectStore] {
      let requests: [@Sendable () async throws -> Void] = [
        { _ = try await store.get(key) }, { _ = try await store.head(key) },
        { try await store.put(key, [1]) },
        { try await store.delete(key) },
      ]
      for request in requests {
        await #expect { try await request() } throws: { ($0 as? SternaError)?.code == .invalidArgument }
      }
    }
    let outcomes = try await MemoryObjectStore().delete([key, "fine"])
    #expect(outcomes.map(\.failure?.code) == [.invalidArgument, nil])
  }
}
