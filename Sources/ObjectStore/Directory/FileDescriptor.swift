internal import CFiles
internal import SternaBase

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An open file or folder that is closed when its owner is done, on every way out.
struct FileDescriptor: ~Copyable {
  let raw: Int32
  /// For error messages.
  let path: String
  private let onlyCached: Bool

  deinit { close(raw) }

  /// Opens `path`, relative to `folder` (`AT_FDCWD`: to the working directory); never inherited by
  /// children, which would hold its locks.
  ///
  /// - Parameter onlyCached: opening and reading then fail with `EAGAIN` where they would wait for a disk
  ///   or a server; what the kernel has in memory is there at once.
  init(
    opening path: String, in folder: Int32 = AT_FDCWD, flags: Int32, shownAs shownPath: String,
    onlyCached: Bool = false
  ) throws(SystemFailure) {
    self.raw = try SystemFailure.check("open", shownPath) {
      onlyCached
        ? sterna_open_cached(folder, path, flags) : openat(folder, path, flags | O_CLOEXEC, 0o666)
    }
    self.path = shownPath
    self.onlyCached = onlyCached
  }

  /// Forces what was written to the disk. A folder's entries need it as much as a file's bytes.
  func synchronize() throws(SystemFailure) {
    do {
      try SystemFailure.check("synchronize", path) { fsync(raw) }
    } catch {
      // Some file systems do not synchronise folders, and have nothing to synchronise then.
      if error.code != EINVAL { throw error }
    }
  }

  func status() throws(SystemFailure) -> FileStatus {
    var status = stat()
    try SystemFailure.check("examine", path) { fstat(raw, &status) }
    return FileStatus(status)
  }

  func write(_ bytes: Bytes) throws(SystemFailure) {
    try bytes.withUnsafeBytes { source throws(SystemFailure) in
      var offset = 0
      while offset < source.count {
        let rest = UnsafeRawBufferPointer(rebasing: source[offset...])
        offset += try SystemFailure.check("write", path) {
          pwrite(raw, rest.baseAddress, rest.count, off_t(offset))
        }
      }
    }
  }

  /// Reads `range`; the answer is shorter only where the file ends.
  func read(_ range: Range<Int>) throws(SystemFailure) -> Bytes {
    let storage = ByteStorage(count: range.count)
    var filled = 0
    while filled < range.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: storage.mutableBytes[filled...])
      let count = try SystemFailure.check("read", path) {
        let offset = off_t(range.lowerBound + filled)
        return onlyCached
          ? sterna_read_cached(raw, rest.baseAddress, rest.count, offset)
          : pread(raw, rest.baseAddress, rest.count, offset)
      }
      if count == 0 { break }
      filled += count
    }
    return Bytes(storage)[0..<filled]
  }

  /// Waits for the advisory lock of this open file, which closing it gives back.
  ///
  /// `flock` locks belong to the open file, not to the process, so they also keep threads apart.
  func lock() throws(SystemFailure) {
    try SystemFailure.check("lock", path) { flock(raw, LOCK_EX) }
  }

  /// Takes the lock when nobody has it.
  func tryLock() throws(SystemFailure) -> Bool {
    do {
      try SystemFailure.check("lock", path) { flock(raw, LOCK_EX | LOCK_NB) }
      return true
    } catch {
      if error.code == EWOULDBLOCK { return false }
      throw error
    }
  }

  func setModificationTime(nanoseconds: Int64) throws(SystemFailure) {
    let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    let time = timespec(tv_sec: time_t(seconds), tv_nsec: Int(rest))
    let times = [time, time]
    try SystemFailure.check("set the time of", path) { futimens(raw, times) }
  }
}

/// What the file system knows about a file.
struct FileStatus {
  let isRegularFile: Bool
  let byteCount: Int
  let inode: UInt64
  let linkCount: Int
  let modificationNanoseconds: Int64

  init(_ status: stat) {
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    isRegularFile = status.st_mode & S_IFMT == S_IFREG
    byteCount = Int(status.st_size)
    inode = UInt64(status.st_ino)
    linkCount = Int(status.st_nlink)
    // A foreign file may bear any time: wrapping keeps it a number.
    modificationNanoseconds = Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }

  /// Names this state of the object. The time is a stamp that no other state of the key ever has
  /// (`KeyLock`); inode and size are there for files that something else than Sterna replaced.
  var tag: ETag {
    let parts = [UInt64(bitPattern: modificationNanoseconds), inode, UInt64(byteCount)]
    return ETag(parts.map { String($0, radix: 16) }.joined(separator: "-"))
  }

  var metadata: ObjectMetadata { ObjectMetadata(byteCount: byteCount, tag: tag) }
}
