package import SternaBase
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Objects as files below a folder, safe among the threads of a process and among processes.
///
///     root/
///       ticks/refs/3f/SPY@          the object `ticks/refs/3f/SPY` (see `ObjectPath`)
///       .sterna/locks/3f            a `KeyLock` for 1/256 of the keys
///       .sterna/temporary/<id>      an object that is being written
///
/// - **Atomic:** bytes are written to a temporary file and forced to the disk; then the file gets the
///   object's name in one step, by `link` (create-only: fails when the name is taken) or `rename`
///   (replaces). A reader has opened the old or the new file, and neither ever changes.
/// - **Conditional:** all changes of a key's file happen under the key's lock.
/// - **Crash-safe:** at any moment a crash leaves the old or the new object; what a dead writer left in
///   `temporary` is no key's path and is removed by a later writer. With `.powerLoss`, files and folders
///   are forced to the disk before a put returns.
/// - **Tags** are the file's modification time, which is a stamp that never names two states of a key
///   (`KeyLock`), with inode and size: reading a tag costs no reading of bytes.
///
/// The file system must tell upper from lower case, and keep times of a nanosecond, hard links and `flock`
/// (ext4, XFS, Btrfs, tmpfs, NFS 4 do).
package final class DirectoryObjectStore: ObjectStore {
  /// What a put that has returned survives.
  package enum Durability: Sendable {
    /// The end of this process at any moment.
    case processCrash
    /// That, and the end of the machine.
    case powerLoss
  }

  package let root: String
  let durability: Durability
  let environment: Environment
  /// How many names of one folder a listing keeps in memory.
  private let listedNameCountMax: Int
  /// Set when this store has looked for leftovers, which once is enough.
  let hasRemovedLeftovers = Atomic(false)

  /// Does no I/O: a root that does not exist reads as an empty store and is made by the first put.
  package init(
    root: String, durability: Durability = .powerLoss, environment: Environment = .live,
    listedNameCountMax: Int = 4_096
  ) {
    self.listedNameCountMax = listedNameCountMax
    self.root = root
    self.durability = durability
    self.environment = environment
  }

  package func get(_ key: String, range: GetRange) async throws -> GetResult {
    let path = ObjectPath(try KeyBytes(checking: key)).path
    try Self.checkCancellation(key: key)
    let result: GetResult?
    do {
      // To hand a small read to another thread and back takes longer than the read.
      result = try Self.read(path, range, below: try DirectoryRoot(opening: root, onlyCached: true))
    } catch is SystemFailure {
      // Not in memory, or not to be had: a thread that may wait finds out.
      result = try await onThread(key: key) { root in try Self.read(path, range, below: root) } ?? nil
    }
    guard let result else { throw SternaError.objectNotFound(key) }
    return result
  }

  package func head(_ key: String) async throws -> ObjectMetadata {
    let path = ObjectPath(try KeyBytes(checking: key)).path
    let metadata = try await onThread(key: key) { root in try root.status(of: path)?.metadata }
    guard let metadata = metadata ?? nil else { throw SternaError.objectNotFound(key) }
    return metadata
  }

  package func list(_ request: ListRequest) async throws -> ListPage {
    let empty = try ListPageBuilder(request)
    // No key is as long, and no system call takes a path as long.
    guard request.prefix.utf8.count <= KeyBytes.byteCountMax else { return empty.page }
    let page = try await onThread { [listedNameCountMax] root in
      var builder = empty
      guard let start = builder.position else { return builder.page }
      var walk = try DirectoryWalk(
        prefix: KeyBytes(request.prefix), from: start, below: root, nameCountMax: listedNameCountMax)
      while let position = builder.position,
        let found = try walk.leastKey(atOrBehind: position, below: root)
      {
        try builder.offer(found.key) { try root.status(of: found.path)?.metadata }
      }
      return builder.page
    }
    return page ?? empty.page
  }

  /// Runs blocking work below the open root on an I/O thread; nil when there is no root.
  func onThread<Answer: Sendable>(
    key: String? = nil, _ work: @escaping @Sendable (borrowing DirectoryRoot) throws -> Answer
  ) async throws -> Answer? {
    try Self.checkCancellation(key: key)
    return try await IOThreads.shared.run { [root] in
      do {
        let opened: DirectoryRoot
        do throws(SystemFailure) {
          opened = try DirectoryRoot(opening: root)
        } catch {
          if error.code == ENOENT { return nil }
          throw error
        }
        return try work(opened)
      } catch let failure as SystemFailure {
        throw failure.error(key: key)
      }
    }
  }

  private static func checkCancellation(key: String?) throws(SternaError) {
    if Task.isCancelled { throw SternaError(.cancelled, "the task was cancelled", key: key) }
  }

  private static func read(
    _ path: String, _ range: GetRange, below root: borrowing DirectoryRoot
  ) throws -> GetResult? {
    let file: FileDescriptor
    do throws(SystemFailure) {
      file = try root.open(path, flags: O_RDONLY)
    } catch {
      if error.isAbsence { return nil }
      throw error
    }
    let status = try file.status()
    guard status.isRegularFile else { return nil }
    let wanted = try range.resolve(objectByteCount: status.byteCount)
    let bytes = try file.read(wanted)
    guard bytes.count == wanted.count else {
      throw SternaError(.corrupt, "\(file.path) was cut while it was read")
    }
    return GetResult(bytes: bytes, tag: status.tag, objectByteCount: status.byteCount)
  }
}
