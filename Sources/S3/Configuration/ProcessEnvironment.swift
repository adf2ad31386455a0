package import SternaBase

/// What a process is told from outside: its variables and files. Injected, so that tests never depend on
/// the machine they run on.
package struct ProcessEnvironment: Sendable {
  package var variables: [String: String]
  /// The bytes of a regular file; nil when there is none of that name.
  package var readFile: @Sendable (_ path: String) throws(SternaError) -> Bytes?
  /// Runs a program and returns what it wrote.
  package var runProgram: @Sendable (ProgramCall) async throws -> ProgramResult

  package init(
    variables: [String: String] = [:],
    readFile: @escaping @Sendable (String) throws(SternaError) -> Bytes? = { (_) throws(SternaError) in nil
    },
    runProgram: @escaping @Sendable (ProgramCall) async throws -> ProgramResult = { call in
      throw SternaError(.unsupported, "program '\(call.arguments.first ?? "")' cannot be run here")
    }
  ) {
    self.variables = variables
    self.readFile = readFile
    self.runProgram = runProgram
  }

  /// A variable's value; one that is set to nothing counts as not set, as the AWS tools have it.
  package subscript(name: String) -> String? {
    guard let value = variables[name], !value.isEmpty else { return nil }
    return value
  }

  /// Whether a variable says yes.
  package func isTrue(_ name: String) -> Bool { self[name]?.lowercased() == "true" }

  /// A path with its leading `~/` replaced by the home directory.
  package func expandingHome(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = self["HOME"] else { return path }
    return home + path.dropFirst(1)
  }
}

package struct ProgramCall: Hashable, Sendable {
  /// The program, searched in PATH, and its arguments. No shell looks at them.
  package var arguments: [String]
  /// All variables of the program.
  package var variables: [String: String]
  package var timeoutMilliseconds: Int
  package var outputByteCountMax: Int
}

package struct ProgramResult: Sendable {
  /// Nil when it was ended by a signal.
  package var exitCode: Int32?
  package var output: Bytes

  package init(exitCode: Int32?, output: Bytes) {
    self.exitCode = exitCode
    self.output = output
  }
}
