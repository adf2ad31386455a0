internal import SternaBase

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Holds off all other writers of a key, in this and in other processes, and issues the stamps that make
/// tags.
///
/// One lock file serves 1/256 of all keys. It stores the last stamp that was issued under it: 8 bytes,
/// nanoseconds. Every write of an object takes the clock's time or the last stamp + 1, whichever is
/// greater, and becomes the file's modification time. So a stamp never names two states of a key, although
/// inodes are reused at once, clocks step back, and objects are deleted and made again.
struct KeyLock: ~Copyable {
  private let file: FileDescriptor

  /// Waits for the lock; it is given back at the end of the value's life.
  init(for key: KeyBytes, below root: borrowing DirectoryRoot) throws(SystemFailure) {
    let shard = SHA256Digest(hashing: Bytes(key.bytes)).hex.prefix(2)
    let path = "\(StoreFolder.locks)/\(shard)"
    let file: FileDescriptor
    do {
      file = try root.open(path, flags: O_RDWR | O_CREAT)
    } catch {
      // A root that was copied without its hidden folder. Locks need not survive a power loss.
      guard error.code == ENOENT else { throw error }
      try StoreFolder.create(below: root, isDurable: false)
      file = try root.open(path, flags: O_RDWR | O_CREAT)
    }
    try file.lock()
    self.file = file
  }

  /// A stamp that was never issued under this lock before.
  func issueStamp(nowNanoseconds: Int64) throws(SystemFailure) -> Int64 {
    let stored = try file.read(0..<8)
    var reader = ByteReader(stored, subject: "lock file")
    let last = (try? reader.read(Int64.self)) ?? 0
    let stamp = max(nowNanoseconds, last == .max ? 0 : last + 1)
    var writer = ByteWriter()
    writer.write(stamp)
    try file.write(writer.finish())
    return stamp
  }
}

/// The store's own folder below the root; its leading dot keeps it apart from all keys.
enum StoreFolder {
  static let name = ".sterna"
  static let locks = "\(name)/locks"
  static let temporary = "\(name)/temporary"

  static func create(below root: borrowing DirectoryRoot, isDurable: Bool) throws(SystemFailure) {
    try root.makeFolders([name, "locks"], isDurable: isDurable)
    try root.makeFolders([name, "temporary"], isDurable: isDurable)
  }
}
