import ObjectStore
import SternaBase
import TestSupport
import Testing

@Suite struct DirectoryCrashTests {
  private let folder: TemporaryFolder
  private let leftover = "0123456789abcdef0123456789abcdef"

  init() throws { folder = try TemporaryFolder() }

  @Test("What a dead writer left is no object, and the next store's first put removes it")
  func leftoversAreRemoved() async throws {
    try await DirectoryObjectStore(root: folder.path).put("a", [1])
    try folder.write(".sterna/temporary/\(leftover)", "half an obj")
    try folder.write(".sterna/temporary/not-ours")

    let store = DirectoryObjectStore(root: folder.path)
    #expect(try await store.list(ListRequest(prefix: "")).entries.map(\.key) == ["a"])
    #expect(folder.names(in: ".sterna/temporary") == [leftover, "not-ours"])
    try await store.put("b", [2])
    #expect(folder.names(in: ".sterna/temporary") == ["not-ours"])
  }

  @Test("The file of a writer that lives in another process is left alone until that dies")
  func livingWritersAreLeftAlone() async throws {
    try await DirectoryObjectStore(root: folder.path).put("a", [1])
    let path = "\(folder.path)/.sterna/temporary/\(leftover)"
    let writer = try Shell("exec 9>\"$1\"; flock 9; : >\"$2\"; exec sleep 60", path, "\(folder.path)/holds")
    while !folder.names().contains("holds") { await Task.yield() }

    try await DirectoryObjectStore(root: folder.path).put("b", [2])
    #expect(folder.names(in: ".sterna/temporary") == [leftover])
    writer.kill()
    try await DirectoryObjectStore(root: folder.path).put("c", [3])
    #expect(folder.names(in: ".sterna/temporary") == [])
  }

  @Test("A put that fails, or loses its race, leaves nothing behind")
  func failedPutsLeaveNothing() async throws {
    let store = DirectoryObjectStore(root: folder.path)
    let tag = try await store.put("a", [1]).tag
    try await store.put("a", [2])
    for mode in [PutMode.create, .ifMatch(tag)] {
      await #expect { try await store.put("a", [3], mode: mode) } throws: {
        ($0 as? SternaError)?.code == .preconditionFailed
      }
    }
    try folder.write("file", "in the way")
    await #expect { try await store.put("file/under", [4]) } throws: { error in
      guard let error = error as? SternaError else { return false }
      return error.code == .fileSystem && error.message.contains("file") && !error.mayHaveBeenApplied
    }
    #expect(folder.names(in: ".sterna/temporary") == [])
    #expect(try await store.list(ListRequest(prefix: "")).entries.map(\.key) == ["a"])
  }

  @Test("Deleting the last object of a folder removes the folder")
  func emptyFoldersAreRemoved() async throws {
    let store = DirectoryObjectStore(root: folder.path)
    try await store.put("a/b/c", [1])
    try await store.put("a/d", [1])
    try await store.delete("a/b/c")
    #expect(folder.names(in: "a") == ["d@"])
    try await store.delete("a/d")
    #expect(folder.names() == [".sterna"])
  }

  @Test("A root that was copied without its hidden folder works on", arguments: [true, false])
  func hiddenFolderIsMadeAgain(deletes: Bool) async throws {
    let store = DirectoryObjectStore(root: folder.path)
    try await store.put("a", [1])
    try Shell("rm -r \"$1/.sterna\"", folder.path).wait()
    if deletes {
      try await store.delete("a")
      #expect(folder.names() == [".sterna"])
    } else {
      try await store.put("a", [2], mode: .ifMatch(store.head("a").tag))
      #expect(try await store.get("a").bytes == [2])
    }
  }
}
