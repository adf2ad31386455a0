internal import SternaBase

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A child process whose output is collected without ever blocking a thread: its pipe does not block, and
/// the task sleeps between looks at it.
///
/// It leads its own process group, so that a timeout or a cancellation also ends what it started itself.
struct RunningProgram {
  private let processID: pid_t
  private let output: Int32

  private static let pauseNanoseconds: Int64 = 5_000_000

  /// Starts a program and waits for its end.
  /// - Throws: `credentials` when it cannot be started, takes too long or says too much;
  ///   `CancellationError`.
  static func run(_ call: ProgramCall, environment: Environment) async throws -> ProgramResult {
    let program = try start(call)
    defer { close(program.output) }
    do {
      let deadline = environment.monotonicNow() + Int64(call.timeoutMilliseconds) * 1_000_000
      let output = try await program.collect(call, until: deadline, environment)
      let exitCode = try await program.waitForExit(call, until: deadline, environment)
      return ProgramResult(exitCode: exitCode, output: output)
    } catch {
      program.kill()
      throw error
    }
  }

  private static func start(_ call: ProgramCall) throws(SternaError) -> RunningProgram {
    var pipeEnds: [Int32] = [-1, -1]
    guard pipe(&pipeEnds) == 0 else { throw cannotStart(call, errno) }
    defer { close(pipeEnds[1]) }
    // No other child may keep the writing end open: the end of the output would never come.
    for end in pipeEnds { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(pipeEnds[0], F_SETFL, O_NONBLOCK)

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, pipeEnds[1], STDOUT_FILENO)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var noSignals = sigset_t()
    sigemptyset(&noSignals)
    posix_spawnattr_setsigmask(&attributes, &noSignals)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))

    var processID = pid_t()
    let status = withCStrings(call.arguments) { arguments in
      withCStrings(call.variables.map { "\($0)=\($1)" }) { variables in
        posix_spawnp(&processID, arguments[0]!, &actions, &attributes, arguments, variables)
      }
    }
    guard status == 0 else {
      close(pipeEnds[0])
      throw cannotStart(call, status)
    }
    return RunningProgram(processID: processID, output: pipeEnds[0])
  }

  /// Reads until the program closes its output.
  private func collect(
    _ call: ProgramCall, until deadline: Int64, _ environment: Environment
  ) async throws -> Bytes {
    var collected: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(output, &chunk, chunk.count)
      if count == 0 { return Bytes(collected) }
      if count > 0 {
        collected += chunk[..<count]
        guard collected.count <= call.outputByteCountMax else { throw Self.failed(call, "writes too much") }
      } else if errno == EAGAIN || errno == EWOULDBLOCK {
        try await pause(call, until: deadline, environment)
      } else if errno != EINTR {
        throw Self.failed(call, "cannot be listened to")
      }
    }
  }

  private func waitForExit(
    _ call: ProgramCall, until deadline: Int64, _ environment: Environment
  ) async throws -> Int32? {
    while true {
      var status: Int32 = 0
      let result = waitpid(processID, &status, WNOHANG)
      if result == processID {
        // The macros WIFEXITED and WEXITSTATUS, which Swift cannot see.
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : nil
      }
      // The host process may collect all of its children itself: then only the output can tell.
      if result < 0 && errno == ECHILD { return 0 }
      try await pause(call, until: deadline, environment)
    }
  }

  private func pause(_ call: ProgramCall, until deadline: Int64, _ environment: Environment) async throws {
    guard environment.monotonicNow() < deadline else {
      throw Self.failed(call, "did not finish within \(call.timeoutMilliseconds) ms")
    }
    try await environment.sleep(Self.pauseNanoseconds)
  }

  private func kill() {
    _ = killpg(processID, SIGKILL)
    // A killed process ends at once; its entry in the process table must go.
    var status: Int32 = 0
    _ = waitpid(processID, &status, 0)
  }

  private static func cannotStart(_ call: ProgramCall, _ code: Int32) -> SternaError {
    failed(call, "cannot be started: \(String(cString: strerror(code)))")
  }

  /// Names the program, but not its arguments: they may hold secrets.
  private static func failed(_ call: ProgramCall, _ what: String) -> SternaError {
    SternaError(
      .credentials, "program '\(call.arguments.first ?? "")' \(what)",
      advice: "Run the command of credential_process by hand and check that it prints credentials.")
  }
}

/// Lends a null-terminated array of C strings.
private func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var pointers = strings.map { strdup($0) } + [nil]
  defer { for pointer in pointers { free(pointer) } }
  return pointers.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
}
