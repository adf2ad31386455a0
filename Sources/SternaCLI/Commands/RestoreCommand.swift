import ArgumentParser
import Sterna

struct RestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Make an earlier version of a symbol its newest again.",
    usage: "sterna restore [STORE] LIBRARY SYMBOL --as-of VERSION|TIME|SNAPSHOT [options]",
    discussion: """
      Examples:
        sterna restore ./store market SPY --as-of 3
        sterna restore ./store market SPY --as-of month-end    a snapshot's, of a deleted symbol too

      The restored data becomes a new version, and nothing is lost: the versions in between stay. Only
      what a snapshot alone still holds is copied.
      """)

  @OptionGroup var place: SymbolArguments
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The version to restore: its number (-1 is the newest), a time, or the snapshot that holds it.",
      valueName: "version|time|snapshot"))
  var asOf: AsOf

  func run() async throws {
    let (library, symbol) = try await place.open()
    let origin = try await library.description(of: symbol, asOf: asOf).version.version
    // What a time or -1 means, is said once: another writer's version may come between.
    let restored =
      if case .snapshot = asOf { try await library.restore(symbol, asOf: asOf) } else {
        try await library.restore(symbol, asOf: .version(origin))
      }
    Messages.write("restored version \(origin) of \(library.name)/\(symbol) as version \(restored.version)")
  }
}
