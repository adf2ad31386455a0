import SternaBase
import Testing

@testable import S3

@Suite struct CommandSplittingTests {
  @Test(
    arguments: [
      ("a b  c", ["a", "b", "c"]), ("  a\tb ", ["a", "b"]), ("'a b' \"c d\"", ["a b", "c d"]),
      ("a'b'\"c\"d", ["abcd"]),
      ("a\\ b", ["a b"]), ("\"a\\\"b\\\\c\\d\"", ["a\"b\\c\\d"]), ("'a\\b'", ["a\\b"]),
      ("'' \"\"", ["", ""]),
      ("$HOME `x` | y; z > *", ["$HOME", "`x`", "|", "y;", "z", ">", "*"]), ("", []),
      ("é 'ü'", ["é", "ü"]),
    ] as [(String, [String])])
  func wordsAreSplitAndNothingIsExpanded(command: String, words: [String]) {
    #expect(ProcessCredentials.split(command) == words)
  }

  @Test(arguments: ["'a", "\"a", "a\\", "'a\"b", "\"a\\\""])
  func anOpenQuoteIsRefused(command: String) {
    #expect(ProcessCredentials.split(command) == nil)
  }
}

/// Runs real programs.
@Suite(.timeLimit(.minutes(10))) struct RunningProgramTests {
  private func run(
    _ arguments: [String], timeoutMilliseconds: Int = 10_000, outputByteCountMax: Int = 1 << 20
  ) async throws -> ProgramResult {
    try await ProcessEnvironment.live().runProgram(
      ProgramCall(
        arguments: arguments, variables: ["PATH": "/usr/bin:/bin", "X": "a b"],
        timeoutMilliseconds: timeoutMilliseconds,
        outputByteCountMax: outputByteCountMax))
  }

  @Test func theOutputAndTheExitCodeComeBack() async throws {
    let result = try await run(["sh", "-c", "echo $X; exit 7"])
    #expect(result.output.utf8String == "a b\n")
    #expect(result.exitCode == 7)
    #expect(try await run(["sh", "-c", "kill -9 $$"]).exitCode == nil)
    #expect(try await run(["sh", "-c", "head -c 500000 /dev/zero"]).output.count == 500_000)
    #expect(try await run(["cat"]).output.isEmpty, "standard input is empty")
  }

  @Test func aProgramThatDoesNotExistIsAnError() async {
    let error = await #expect(throws: SternaError.self) { try await run(["/nowhere/helper", "secret"]) }
    #expect(error?.code == .credentials)
    #expect(error.map { !"\($0)".contains("secret") } == true)
  }

  @Test func aProgramThatHangsOrFloodsIsEnded() async {
    let clock = ContinuousClock()
    let start = clock.now
    await #expect(throws: SternaError.self) {
      try await run(["sh", "-c", "sleep 30; echo x"], timeoutMilliseconds: 50)
    }
    await #expect(throws: SternaError.self) {
      try await run(["sh", "-c", "exec >&-; sleep 30"], timeoutMilliseconds: 50)
    }
    await #expect(throws: SternaError.self) {
      try await run(["cat", "/dev/zero"], outputByteCountMax: 10_000)
    }
    #expect(clock.now - start < .seconds(20))
  }

  @Test func cancellingTheTaskEndsTheProgram() async {
    let task = Task { try await run(["sleep", "30"]) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func aFailingProgramIsReportedWithItsStatus() async {
    var process = ProcessEnvironment.live()
    process.variables = ["PATH": "/usr/bin:/bin"]
    let provider = ProcessCredentials(command: "sh -c 'exit 3'", process: process)
    let error = await #expect(throws: SternaError.self) { try await provider.credentials() }
    #expect(error?.message.contains("status 3") == true)
    let open = ProcessCredentials(command: "sh 'x", process: process)
    await #expect(throws: SternaError.self) { try await open.credentials() }
  }
}

@Suite struct LiveProcessEnvironmentTests {
  @Test func regularFilesAreReadAndOthersAreNot() throws {
    let process = ProcessEnvironment.live()
    #expect(process["PATH"] != nil)
    #expect(try process.readFile("/nowhere/x") == nil)
    #expect(try process.readFile("/proc/self/comm")?.isEmpty == false)
    #expect(throws: SternaError.self) { try process.readFile("/dev/zero") }
    #expect(throws: SternaError.self) { try process.readFile("/tmp") }
  }

  @Test func theHomeDirectoryStandsForATilde() {
    let process = ProcessEnvironment.double(["HOME": "/h"])
    #expect(process.expandingHome("~/.aws/config") == "/h/.aws/config")
    #expect(process.expandingHome("/a/~/b") == "/a/~/b")
    #expect(ProcessEnvironment.double().expandingHome("~/x") == "~/x")
  }
}
