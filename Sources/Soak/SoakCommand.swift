import ArgumentParser

/// The program behind `scripts/soak` and the long part of `scripts/test`.
@main
struct SoakCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "soak", abstract: "Looks for broken promises, as long as you like.",
    subcommands: [ProtocolCommand.self, LibraryCommand.self, ClientCommand.self])
}

struct BrokenPromise: Error, CustomStringConvertible {
  var description: String
}
