internal import SternaBase

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The open root of a `DirectoryObjectStore` and the system calls below it.
///
/// All paths are relative to the open folder, so they stay shorter than the system's limit of 4,096 bytes
/// however deep the root lies: a key's path has at most 3 bytes per byte of the key, and a few marks.
struct DirectoryRoot: ~Copyable {
  let folder: FileDescriptor
  let path: String
  /// Whether files are opened and read only where that waits for no disk (see `FileDescriptor`).
  private let onlyCached: Bool

  init(opening path: String, onlyCached: Bool = false) throws(SystemFailure) {
    self.folder = try FileDescriptor(
      opening: path, flags: O_RDONLY | O_DIRECTORY, shownAs: path, onlyCached: onlyCached)
    self.path = path
    self.onlyCached = onlyCached
  }

  /// Makes the root and what lies above it.
  static func create(_ path: String) throws(SystemFailure) {
    do {
      try SystemFailure.check("create", path) { mkdir(path, 0o777) }
    } catch {
      if error.code == EEXIST { return }
      guard error.code == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
        throw error
      }
      try create(String(path[..<slash]))
      // The parent's last slash may have been the path's own last character.
      if mkdir(path, 0o777) != 0, errno != EEXIST {
        throw SystemFailure(operation: "create", path: path, code: errno)
      }
    }
  }

  func shown(_ relative: String) -> String { "\(path)/\(relative)" }

  func open(_ relative: String, flags: Int32) throws(SystemFailure) -> FileDescriptor {
    try FileDescriptor(
      opening: relative, in: folder.raw, flags: flags, shownAs: shown(relative), onlyCached: onlyCached)
  }

  /// The status of a file; nil when there is none.
  func status(of relative: String) throws(SystemFailure) -> FileStatus? {
    var status = stat()
    do {
      try SystemFailure.check("examine", shown(relative)) { fstatat(folder.raw, relative, &status, 0) }
    } catch {
      if error.isAbsence { return nil }
      throw error
    }
    let found = FileStatus(status)
    return found.isRegularFile ? found : nil
  }

  /// Gives a file a second name, which must be free.
  func link(_ source: String, to target: String) throws(SystemFailure) {
    try SystemFailure.check("create", shown(target)) {
      linkat(folder.raw, source, folder.raw, target, 0)
    }
  }

  /// Moves a file to a name, replacing what had it.
  func rename(_ source: String, to target: String) throws(SystemFailure) {
    try SystemFailure.check("replace", shown(target)) {
      renameat(folder.raw, source, folder.raw, target)
    }
  }

  /// Removes a file; false when there was none.
  @discardableResult
  func remove(_ relative: String) throws(SystemFailure) -> Bool {
    do {
      try SystemFailure.check("remove", shown(relative)) { unlinkat(folder.raw, relative, 0) }
      return true
    } catch {
      if error.isAbsence { return false }
      throw error
    }
  }

  /// Makes a chain of folders, each inside the one before.
  func makeFolders(_ names: [String], isDurable: Bool) throws(SystemFailure) {
    var parent = "."
    for name in names {
      let relative = "\(parent)/\(name)"
      do {
        try SystemFailure.check("create", shown(relative)) { mkdirat(folder.raw, relative, 0o777) }
      } catch {
        if error.code != EEXIST { throw error }
      }
      // Also when somebody else has just made it, who may not have come to this yet.
      if isDurable { try synchronize(parent) }
      parent = relative
    }
  }

  /// Removes the innermost folders as far as they are empty and tells how many those were.
  func removeEmptyFolders(_ names: [String]) -> Int {
    var rest = names[...]
    while !rest.isEmpty, unlinkat(folder.raw, ObjectPath.relative(rest), AT_REMOVEDIR) == 0 {
      rest.removeLast()
    }
    return names.count - rest.count
  }

  /// Forces a folder's entries to the disk; one that is gone needs nothing.
  func synchronize(_ relative: String) throws(SystemFailure) {
    do {
      try open(relative, flags: O_RDONLY | O_DIRECTORY).synchronize()
    } catch {
      if !error.isAbsence { throw error }
    }
  }

  /// Calls `body` with every name in a folder, in no order; a folder that is not there is empty.
  func forEachName(in relative: String, _ body: (String) -> Void) throws(SystemFailure) {
    let descriptor: Int32
    do {
      descriptor = try SystemFailure.check("open", shown(relative)) {
        openat(folder.raw, relative, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      }
    } catch {
      if error.isAbsence { return }
      throw error
    }
    guard let stream = fdopendir(descriptor) else {
      let code = errno
      close(descriptor)
      throw SystemFailure(operation: "list", path: shown(relative), code: code)
    }
    defer { closedir(stream) }
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        if errno != 0 { throw SystemFailure(operation: "list", path: shown(relative), code: errno) }
        return
      }
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      body(name)
    }
  }
}
