internal import SternaBase

/// Credentials that a program prints (`credential_process` of a profile).
struct ProcessCredentials: CredentialsProvider {
  let name = "credential_process"
  let command: String
  let process: ProcessEnvironment

  private static let timeoutMilliseconds = 60_000
  private static let outputByteCountMax = 64 << 10

  func credentials() async throws -> Credentials? {
    guard let arguments = Self.split(command), !arguments.isEmpty else {
      throw SternaError(
        .credentials, "credential_process cannot be split into program and arguments",
        advice: "Close all quotes in the setting; it is not run by a shell.")
    }
    let result = try await process.runProgram(
      ProgramCall(
        arguments: arguments, variables: process.variables, timeoutMilliseconds: Self.timeoutMilliseconds,
        outputByteCountMax: Self.outputByteCountMax))
    guard result.exitCode == 0 else {
      throw SternaError(
        .credentials,
        "credential_process '\(arguments[0])' "
          + (result.exitCode.map { "ended with status \($0)" } ?? "was killed"),
        advice: "Run the command by hand; it may need a login.")
    }
    return try CredentialsDocument.parse(
      result.output, subject: "program '\(arguments[0])'", tokenName: "SessionToken")
  }

  /// Splits a command as a POSIX shell splits words, and does nothing else that a shell does: no variables,
  /// no wildcards, no pipes. Nil when a quote is not closed.
  static func split(_ command: String) -> [String]? {
    var words: [String] = []
    var word: [UInt8]?
    var quote: UInt8?
    var bytes = Array(command.utf8)[...]
    while let byte = bytes.popFirst() {
      switch (byte, quote) {
      case (UInt8(ascii: "'"), nil), (UInt8(ascii: "\""), nil):
        quote = byte
        word = word ?? []
      case (byte, byte): quote = nil
      case (UInt8(ascii: "\\"), nil):
        guard let next = bytes.popFirst() else { return nil }
        word = (word ?? []) + [next]
      case (UInt8(ascii: "\\"), UInt8(ascii: "\"")):
        // Inside double quotes it escapes only these two.
        if let next = bytes.first, next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\") {
          word?.append(next)
          bytes.removeFirst()
        } else {
          word?.append(byte)
        }
      case (0x20, nil), (0x09, nil), (0x0A, nil), (0x0D, nil):
        if let finished = word { words.append(String(decoding: finished, as: UTF8.self)) }
        word = nil
      default: word = (word ?? []) + [byte]
      }
    }
    guard quote == nil else { return nil }
    if let finished = word { words.append(String(decoding: finished, as: UTF8.self)) }
    return words
  }
}
