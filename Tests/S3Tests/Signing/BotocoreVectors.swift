import SternaBase
import Testing

@testable import S3

/// Runs `scripts/botocore-vectors`, which needs a Python with botocore: the one that STERNA_TEST_PYTHON
/// names, else `python3`.
enum BotocoreVectors {
  static let advice =
    "Install botocore (pip install botocore), or set STERNA_TEST_PYTHON to a Python that has it."

  private static let process = ProcessEnvironment.live()
  private static var python: String { process["STERNA_TEST_PYTHON"] ?? "python3" }

  /// Where every check must run (continuous integration), a missing botocore is a failure and no excuse.
  static let isRequired = process["STERNA_TEST_REQUIRE_SERVERS"] == "1"

  static func isAvailable() async -> Bool {
    (try? await run(["-c", "import botocore.auth"]))?.exitCode == 0
  }

  static func vectors(seed: UInt64, count: Int) async throws -> [JSONValue] {
    let result = try? await run([script, String(seed), String(count)])
    guard let result, result.exitCode == 0, let text = result.output.utf8String else {
      throw SternaError(.unsupported, "'\(python) \(script)' failed", advice: advice)
    }
    return try text.split(separator: "\n").map { try JSONValue(parsing: String($0), subject: "vector") }
  }

  private static func run(_ arguments: [String]) async throws -> ProgramResult {
    try await process.runProgram(
      ProgramCall(
        arguments: [python] + arguments, variables: process.variables, timeoutMilliseconds: 120_000,
        outputByteCountMax: 64 << 20))
  }

  /// Four levels above this file lies the package.
  private static var script: String {
    let package = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
    return package.joined(separator: "/") + "/scripts/botocore-vectors"
  }
}
