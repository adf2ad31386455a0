#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A fresh folder that is removed, with all that is in it, when the last reference to it goes.
package final class TemporaryFolder: Sendable {
  package let path: String

  package init() throws {
    let chosen = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    var template = Array("\(chosen.isEmpty ? "/tmp" : chosen)/sterna-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SystemError(operation: "mkdtemp", code: errno) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { Self.removeTree(path) }

  /// Writes a file at a path relative to the folder.
  package func write(_ relative: String, _ text: String = "") throws {
    guard let file = fopen("\(path)/\(relative)", "w") else {
      throw SystemError(operation: "fopen \(relative)", code: errno)
    }
    fputs(text, file)
    fclose(file)
  }

  package func makeFolder(_ relative: String) throws {
    guard mkdir("\(path)/\(relative)", 0o777) == 0 else {
      throw SystemError(operation: "mkdir \(relative)", code: errno)
    }
  }

  /// The names in a folder below this one, sorted; none when there is no such folder.
  package func names(in relative: String = ".") -> [String] { Self.names(in: "\(path)/\(relative)") }

  private static func names(in path: String) -> [String] {
    guard let stream = opendir(path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  private static func removeTree(_ path: String) {
    // Fails for a folder that holds something; a link to a folder is removed, not followed.
    if remove(path) == 0 { return }
    for name in names(in: path) { removeTree("\(path)/\(name)") }
    remove(path)
  }
}

/// A system call that a test needs and that failed.
package struct SystemError: Error {
  package let operation: String
  package let code: Int32
}
