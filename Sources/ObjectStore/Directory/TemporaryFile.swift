internal import SternaBase

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that holds an object's bytes until it gets the object's name; it is removed on every way out.
///
/// Its writer holds its lock as long as it lives. A temporary file whose lock is free was therefore left by a
/// writer that died, however long ago: `removeLeftovers` needs no clock.
struct TemporaryFile: ~Copyable {
  let file: FileDescriptor
  /// Relative to the root.
  let path: String

  init(
    holding bytes: Bytes, name: UniqueID, below root: borrowing DirectoryRoot
  ) throws(SystemFailure) {
    let path = "\(StoreFolder.temporary)/\(name.hex)"
    let file = try root.open(path, flags: O_RDWR | O_CREAT | O_EXCL)
    // Somebody who clears up may have come between; then the file has no name any more, and the put fails
    // as if the folder had vanished, which is tried again.
    guard try file.tryLock(), try file.status().linkCount > 0 else {
      throw SystemFailure(operation: "lock", path: root.shown(path), code: ENOENT)
    }
    do {
      try file.write(bytes)
    } catch {
      _ = try? root.remove(path)
      throw error
    }
    self.file = file
    self.path = path
  }

  /// Removes what writers that died have left.
  static func removeLeftovers(below root: borrowing DirectoryRoot) throws(SystemFailure) {
    var names: [String] = []
    try root.forEachName(in: StoreFolder.temporary) { if UniqueID(hex: $0) != nil { names.append($0) } }
    for name in names {
      let path = "\(StoreFolder.temporary)/\(name)"
      do {
        let file = try root.open(path, flags: O_RDWR)
        if try file.tryLock() { try root.remove(path) }
      } catch {
        if !error.isAbsence { throw error }
      }
    }
  }
}
