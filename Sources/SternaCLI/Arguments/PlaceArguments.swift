import ArgumentParser
import Sterna

/// STORE, and how to reach it.
struct StoreArguments: ParsableArguments {
  @Argument(help: PlaceHelp.store) var store: String?
  @OptionGroup(title: "Connection options") var connection: ConnectionArguments

  func validate() throws { _ = try place() }

  func place() throws -> Place { try Place(parsing: [store], shape: .store) }

  func open() async throws -> Store { try await Store.open(try place().store, options: connection.options) }
}

/// STORE [LIBRARY], and how to reach it.
struct LibraryArguments: ParsableArguments {
  @Argument(help: PlaceHelp.store) var store: String?
  @Argument(help: "A library of the store.") var library: String?
  @OptionGroup(title: "Connection options") var connection: ConnectionArguments

  func validate() throws { _ = try place() }

  func place() throws -> Place { try Place(parsing: [store, library], shape: .storeOrLibrary) }

  func open() async throws -> Store { try await Store.open(try place().store, options: connection.options) }
}

/// STORE LIBRARY SYMBOL, and how to reach it.
struct SymbolArguments: ParsableArguments {
  @Argument(help: PlaceHelp.store) var store: String?
  @Argument(help: "A library of the store.") var library: String?
  @Argument(help: "A symbol of the library; any text, behind -- when it begins with a dash.") var symbol:
    String?
  @OptionGroup(title: "Connection options") var connection: ConnectionArguments

  func validate() throws { _ = try place() }

  func place() throws -> Place { try Place(parsing: [store, library, symbol], shape: .symbol) }

  /// The symbol's library, which is expected to exist, and its name.
  func open() async throws -> (library: Library, symbol: String) {
    let place = try place()
    let store = try await Store.open(place.store, options: connection.options)
    return (try await store.library(place.library ?? ""), place.symbol ?? "")
  }
}

enum PlaceHelp {
  static let store = ArgumentHelp(
    "s3://bucket/prefix, a folder or memory://name; may be left out when STERNA_STORE is set.")
}

extension Place {
  init(parsing words: [String?], shape: Shape) throws {
    do {
      try self.init(words.compactMap { $0 }, shape: shape, defaultStore: ProcessVariables.store)
    } catch {
      throw ValidationError(error.message)
    }
  }
}
