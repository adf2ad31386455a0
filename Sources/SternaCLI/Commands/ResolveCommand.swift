import ArgumentParser
import Sterna

struct ResolveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve", abstract: "Find out what became of a commit whose outcome was unknown.",
    usage: "sterna resolve [STORE] LIBRARY --token TOKEN [options]",
    discussion: """
      Examples:
        sterna resolve ./store market --token 0123456789abcdef0123456789abcdef.7.SPY

      The error that left it open names the token. A commit that did not happen yet is shut out, so it can \
      be tried again. Exit codes: 0 committed, 1 not committed, 4 still unknown.
      """)

  @OptionGroup var place: LibraryArguments
  @Option(help: "The commit token of the error.") var token: String
  @OptionGroup var output: FormatArguments

  func validate() throws { _ = try place.requiredLibrary() }

  func run() async throws {
    let library = try await place.open().library(place.requiredLibrary())
    var record = Record()
    switch try await library.resolve(token) {
    case .committed(let version):
      record.add("outcome", "committed")
      record.add("symbol", version.symbol)
      record.add("version", version.version)
      try await StandardOutput.write(try record.text(output.format))
    case .notCommitted:
      record.add("outcome", "not committed")
      try await StandardOutput.write(try record.text(output.format))
      throw ExitStatus.problemsFound
    case .unknown:
      record.add("outcome", "unknown")
      try await StandardOutput.write(try record.text(output.format))
      throw ExitStatus.conflict
    }
  }
}
