import ArgumentParser
import Sterna

struct CopyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cp", abstract: "Copy a symbol, or all symbols, to another name, library or store.",
    usage: """
      sterna cp [STORE] LIBRARY [SYMBOL] [--to-store STORE] [--to-library LIBRARY] [--to-symbol SYMBOL] \
      [--all-versions] [options]
      """,
    discussion: """
      Examples:
        sterna cp ./store market SPY --to-symbol SPY-backup
        sterna cp ./store market --to-store s3://bucket/prefix --all-versions
        sterna cp ./store market SPY --as-of 3 --to-library research

      What the destination has is not copied again: run it once more to bring over what is new. \
      Credentials and connection options hold for both stores.
      """)

  @Argument(help: PlaceHelp.store) var store: String?
  @Argument(help: "A library of the store.") var library: String?
  @Argument(help: "A symbol of the library; all of them when it is left out.") var symbol: String?
  @OptionGroup(title: "Connection options") var connection: ConnectionArguments

  @Option(help: ArgumentHelp("The store to copy to; the same unless given.", valueName: "store"))
  var toStore: String?
  @Option(help: ArgumentHelp("The library to copy to; made when it is missing.", valueName: "library"))
  var toLibrary: String?
  @Option(help: ArgumentHelp("The name to copy to; the same unless given.", valueName: "symbol"))
  var toSymbol: String?
  @Flag(help: "All versions, oldest first, instead of one.") var allVersions = false
  @OptionGroup var version: VersionArguments

  func validate() throws {
    let place = try place()
    guard toStore != nil || toLibrary != nil || toSymbol != nil else {
      throw ValidationError("say where to: --to-store, --to-library or --to-symbol")
    }
    guard toSymbol == nil || place.symbol != nil else {
      throw ValidationError("--to-symbol needs a SYMBOL")
    }
  }

  private func place() throws -> Place {
    try Place(parsing: [store, library, symbol], shape: Place.Shape(required: 1, optional: 1))
  }

  func run() async throws {
    let place = try place()
    let source = try await Store.open(place.store, options: connection.options)
      .library(place.library ?? "")
    let names = if let symbol = place.symbol { [symbol] } else { try await source.symbolNames() }
    let target = try await Store.open(toStore ?? place.store, options: connection.options)
    let destination = try await target.library(toLibrary ?? source.name, create: true)
    for name in names {
      let newName = toSymbol ?? name
      let written = try await source.copy(
        name, to: toStore == nil && destination.name == source.name ? nil : destination, as: newName,
        asOf: allVersions ? nil : version.asOf)
      let what = "\(source.name)/\(name) to \(destination.name)/\(newName)"
      Messages.write(
        written.isEmpty
          ? "\(what): nothing new"
          : "copied \(written.count) \(written.count == 1 ? "version" : "versions") of \(what)")
    }
  }
}

struct RenameCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rename", abstract: "Give a symbol another name.",
    usage: "sterna rename [STORE] LIBRARY SYMBOL --to NAME [options]",
    discussion: """
      Examples:
        sterna rename ./store market SPY --to SPY.P

      All versions are copied, then the old symbol is deleted; until then both are there. Run it again \
      when it was interrupted. Snapshots keep what they hold under the old name.
      """)

  @OptionGroup var place: SymbolArguments
  @Option(help: "The new name.") var to: String

  func run() async throws {
    let (library, symbol) = try await place.open()
    try await library.rename(symbol, to: to)
    Messages.write("renamed \(library.name)/\(symbol) to \(to)")
  }
}
