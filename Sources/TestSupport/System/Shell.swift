#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A shell script in a process of its own: for what only another process can show.
package struct Shell: ~Copyable {
  private let process: pid_t

  /// Starts `sh -c script argument...`; the arguments are `$1`, `$2`, ...
  package init(_ script: String, _ arguments: String...) throws {
    var words: [UnsafeMutablePointer<CChar>?] = (["sh", "-c", script, "sh"] + arguments).map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    var process = pid_t()
    let code = posix_spawn(&process, "/bin/sh", nil, nil, words, environ)
    guard code == 0 else { throw SystemError(operation: "posix_spawn", code: code) }
    self.process = process
  }

  /// Waits for the end and answers the exit status.
  @discardableResult
  package consuming func wait() -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) == -1, errno == EINTR {}
    return (status >> 8) & 0xFF
  }

  /// Ends the process, which the shell must have become by `exec`, without warning.
  package consuming func kill() {
    // Named by its module because the method hides the function.
    #if canImport(Glibc)
      _ = Glibc.kill(process, SIGKILL)
    #elseif canImport(Musl)
      _ = Musl.kill(process, SIGKILL)
    #else
      _ = Darwin.kill(process, SIGKILL)
    #endif
    var status: Int32 = 0
    while waitpid(process, &status, 0) == -1, errno == EINTR {}
  }
}
