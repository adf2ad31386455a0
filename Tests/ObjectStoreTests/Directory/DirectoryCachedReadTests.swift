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

/// Reads of what the kernel has in memory take no other thread; the answers are the same without it.
@Suite struct DirectoryCachedReadTests {
  @Test("What the kernel has dropped, in part or wholly, is read all the same")
  func droppedPages() async throws {
    let folder = try TemporaryFolder()
    let store = DirectoryObjectStore(root: folder.path)
    let bytes = Bytes((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) })
    try await store.put("k", bytes)
    for dropped in [0..<0, 0..<300_000, 131_072..<300_000, 0..<131_072] {
      #if os(Linux)
        let file = open("\(folder.path)/k@", O_RDONLY)
        #expect(file >= 0)
        posix_fadvise(file, off_t(dropped.lowerBound), off_t(dropped.count), Int32(POSIX_FADV_DONTNEED))
        close(file)
      #endif
      #expect(try await store.get("k", range: .bytes(10..<299_990)).bytes == bytes[10..<299_990])
      #expect(try await store.get("k").bytes == bytes)
    }
  }

  @Test(
    "A pipe, which nobody may ever write to, does not hold a thread of the task pool",
    .timeLimit(.minutes(1)))
  func pipe() async throws {
    let folder = try TemporaryFolder()
    #expect(mkfifo("\(folder.path)/k@", 0o600) == 0)
    let answer = try? DirectoryRoot(opening: folder.path, onlyCached: true)
      .open("k@", flags: O_RDONLY).status().isRegularFile
    #expect(answer != true)
  }

  @Test("Where the system can tell, a cached file is read at once")
  func cachedFile() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/k@"
    do {
      let file = try FileDescriptor(opening: path, flags: O_WRONLY | O_CREAT, shownAs: path)
      try file.write([1, 2, 3])
    }
    do throws(SystemFailure) {
      let root = try DirectoryRoot(opening: folder.path, onlyCached: true)
      #expect(try root.open("k@", flags: O_RDONLY).read(1..<9) == [2, 3])
      #expect { try root.open("none@", flags: O_RDONLY) } throws: {
        let code = ($0 as? SystemFailure)?.code
        return code == ENOENT || code == EAGAIN
      }
    } catch {
      #expect(error.code == EAGAIN)
    }
  }
}
