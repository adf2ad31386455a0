internal import SternaBase

/// Finds the keys of a directory store in key order, from any place on, reading only the folders that can
/// hold them and keeping a bounded number of names in memory.
///
/// It holds the chain of folders down to the current place; each keeps the next `nameCountMax` of its names
/// in order, and reads the folder again when those are used up.
struct DirectoryWalk {
  private struct Folder {
    /// Relative to the root.
    let path: String
    /// The first bytes of all keys in it.
    let base: KeyBytes
    var entries: [FolderEntry]
    var index = 0
    /// Whether the folder holds more names, behind the last of `entries`.
    var isCut: Bool
  }

  private let nameCountMax: Int
  private var folders: [Folder] = []

  /// Begins in the folder that holds every key with the prefix.
  init(
    prefix: KeyBytes, from position: KeyBytes, below root: borrowing DirectoryRoot, nameCountMax: Int
  ) throws(SystemFailure) {
    self.nameCountMax = nameCountMax
    let (names, rest) = ObjectPath.folders(ofPrefix: prefix)
    let path = ObjectPath.relative(names[...])
    let base = KeyBytes(Array(prefix.bytes.dropLast(rest.count)))
    folders = [try read(path, base: base, from: position, below: root)]
  }

  /// The least key at or behind `position`, which must not go back, and the path of its file.
  mutating func leastKey(
    atOrBehind position: KeyBytes, below root: borrowing DirectoryRoot
  ) throws(SystemFailure) -> (key: KeyBytes, path: String)? {
    while var folder = folders.popLast() {
      while folder.index < folder.entries.count, folder.entries[folder.index].end <= position {
        folder.index += 1
      }
      guard folder.index < folder.entries.count else {
        if folder.isCut, folder.base.endOfPrefix.map({ position < $0 }) ?? true {
          let start = max(position, folder.entries.last?.end ?? position)
          folders.append(try read(folder.path, base: folder.base, from: start, below: root))
        }
        continue
      }
      let entry = folder.entries[folder.index]
      let path = folder.path == "." ? entry.name : "\(folder.path)/\(entry.name)"
      if entry.isObject {
        folders.append(folder)
        return (entry.keys, path)
      }
      folder.index += 1
      folders.append(folder)
      folders.append(try read(path, base: entry.keys, from: position, below: root))
    }
    return nil
  }

  /// Reads the first names of a folder that stand for keys at or behind `position`.
  private func read(
    _ path: String, base: KeyBytes, from position: KeyBytes, below root: borrowing DirectoryRoot
  ) throws(SystemFailure) -> Folder {
    var entries: [FolderEntry] = []
    var isCut = false
    func keepLeast(_ count: Int) {
      entries.sort { $0.keys < $1.keys }
      guard entries.count > count else { return }
      entries.removeLast(entries.count - count)
      isCut = true
    }
    try root.forEachName(in: path) { name in
      guard let entry = FolderEntry(name: name, base: base), position < entry.end else { return }
      entries.append(entry)
      if entries.count == 2 * nameCountMax { keepLeast(nameCountMax) }
    }
    keepLeast(nameCountMax)
    return Folder(path: path, base: base, entries: entries, isCut: isCut)
  }
}
