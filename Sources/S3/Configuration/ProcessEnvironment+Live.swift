package import SternaBase

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension ProcessEnvironment {
  /// Configuration files, tokens and keys are small.
  private static let fileByteCountMax = 1 << 20

  /// This process's own variables, as they are now, and the machine's files.
  package static func live(_ environment: Environment = .live) -> ProcessEnvironment {
    ProcessEnvironment(
      variables: currentVariables(), readFile: readRegularFile,
      runProgram: { try await RunningProgram.run($0, environment: environment) })
  }

  private static func currentVariables() -> [String: String] {
    var variables: [String: String] = [:]
    // C may have set it to null (clearenv), although it is imported as if that could not be.
    guard
      var entry = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>(bitPattern: UInt(bitPattern: environ))
    else { return variables }
    while let text = entry.pointee {
      let pair = String(cString: text).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
      entry += 1
    }
    return variables
  }

  /// Only regular files: reading a pipe or a terminal could wait for ever.
  private static func readRegularFile(_ path: String) throws(SternaError) -> Bytes? {
    // How people say that a file of the AWS tools is not to be used: AWS_CONFIG_FILE=/dev/null.
    if path == "/dev/null" { return nil }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw unreadable(path, String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var information = stat()
    guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
      throw unreadable(path, "it is not a regular file")
    }
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count == 0 { return Bytes(content) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw unreadable(path, String(cString: strerror(errno))) }
      content += chunk[..<count]
      guard content.count <= fileByteCountMax else { throw unreadable(path, "it is too large") }
    }
  }

  private static func unreadable(_ path: String, _ reason: String) -> SternaError {
    SternaError(
      .fileSystem, "cannot read '\(path)': \(reason)",
      advice: "Check the file's permissions, or the option or variable that names it.")
  }
}
