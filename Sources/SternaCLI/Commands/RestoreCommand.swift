import ArgumentParser
import Sterna

struct RestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Make an earlier version of a symbol its newest again.",
    usage: "sterna restore [STORE] LIBRARY SYMBOL --as-of N [options]",
    discussion: """
      Examples:
        sterna restore ./store market SPY --as-of 3

      The restored data becomes a new version; nothing is copied, and nothing is lost: the versions in
      between stay.
      """)

  @OptionGroup var place: SymbolArguments
  @Option(help: "The number of the version to restore.") var asOf: Int

  func run() async throws {
    let (library, symbol) = try await place.open()
    let restored = try await library.restore(symbol, version: asOf)
    Messages.write("restored version \(asOf) of \(library.name)/\(symbol) as version \(restored.version)")
  }
}
