import SternaBase
import TestSupport
import Testing

@testable import ObjectStore

@Suite struct DirectoryConcurrencyTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func makeStore() -> DirectoryObjectStore {
    DirectoryObjectStore(root: folder.path, durability: .processCrash)
  }

  @Test("Stores of one root that know nothing of each other lose no compare-and-swap")
  func independentStoresLoseNothing() async throws {
    try await makeStore().put("counter", Bytes(utf8: "0"))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        let store = makeStore()
        group.addTask {
          var remaining = 25
          while remaining > 0 {
            let current = try await store.get("counter")
            let count = current.bytes.utf8String.flatMap { Int($0) } ?? -1
            do {
              try await store.put("counter", Bytes(utf8: "\(count + 1)"), mode: .ifMatch(current.tag))
              remaining -= 1
            } catch let error as SternaError where error.code == .preconditionFailed {}
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try await makeStore().get("counter").bytes.utf8String == "200")
  }

  @Test("Puts succeed while others delete the last objects of their folders")
  func putsSurviveVanishingFolders() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<6 {
        let store = makeStore()
        group.addTask {
          for round in 0..<40 {
            let key = "deep/er/folder/\(worker)"
            try await store.put(key, Bytes(utf8: "\(round)"))
            #expect(try await store.get(key).bytes.utf8String == "\(round)")
            try await store.delete(key)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(folder.names() == [".sterna"])
  }

  @Test("No tag names two states, with a clock that stands still, through delete and re-creation")
  func tagsNeverRecur() async throws {
    let frozen = Environment(
      now: { 1_000 }, monotonicNow: { 0 }, sleep: { _ in }, random: Environment.live.random)
    let store = DirectoryObjectStore(root: folder.path, durability: .processCrash, environment: frozen)
    var tags: Set<ETag> = []
    for round in 0..<60 {
      if round.isMultiple(of: 3) { try await store.delete("k") }
      let tag = try await store.put("k", [1], mode: round.isMultiple(of: 3) ? .create : .overwrite).tag
      #expect(tags.insert(tag).inserted)
      #expect(try await store.head("k").tag == tag)
    }
  }

  @Test(
    "A writer waits for the lock that another process holds, and the other tasks do not",
    .timeLimit(.minutes(10)))
  func otherProcessesAreWaitedFor() async throws {
    let store = makeStore()
    try await store.put("k", [0])
    // The only lock file there is belongs to the key.
    let lock = try #require(folder.names(in: ".sterna/locks").first)
    let holder = try Shell(
      "exec 9<>\"$1/.sterna/locks/$2\"; flock 9; : >\"$1/holds\";"
        + " while [ ! -e \"$1/go\" ]; do sleep 0.01; done",
      folder.path, lock)
    while !folder.names().contains("holds") { await Task.yield() }

    // As many as there are I/O threads: on the cooperative pool they would stop everything below.
    let puts = (1...8).map { value in Task { try await store.put("k", [UInt8(value)]) } }
    let ran = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<100 {
        group.addTask {
          await Task.yield()
          return 1
        }
      }
      return await group.reduce(0, +)
    }
    #expect(ran == 100)
    try folder.write("probe")
    #expect(!folder.names().contains("go"))
    for _ in 0..<50 { try await Environment.live.sleep(1_000_000) }
    #expect(try shellRead() == [0], "a put went past the lock")
    try folder.write("go")
    holder.wait()
    for put in puts { _ = try await put.value }
    #expect(try await store.get("k").bytes != [0])
  }

  /// The object's bytes, without the store, whose threads all wait.
  private func shellRead() throws -> [UInt8] {
    let status = try Shell("[ \"$(od -An -tu1 \"$1/k@\" | tr -d ' ')\" = 0 ]", folder.path).wait()
    return status == 0 ? [0] : []
  }
}
