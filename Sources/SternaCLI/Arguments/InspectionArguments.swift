import ArgumentParser
import Sterna

/// STORE LIBRARY SYMBOL, or STORE KEY, and how to reach it.
struct InspectionArguments: ParsableArguments {
  @Argument(help: PlaceHelp.store) var store: String?
  @Argument(help: "A library of the store; or the key of an object, from the store's prefix on.")
  var library: String?
  @Argument(help: "A symbol of the library; any text, behind -- when it begins with a dash.") var symbol:
    String?
  @OptionGroup(title: "Connection options") var connection: ConnectionArguments

  func validate() throws { _ = try key() }

  /// The object's key; nil when a symbol is named.
  func key() throws -> String? {
    let place = try place()
    guard place.symbol == nil, let key = place.library else { return nil }
    // No library is called so, and a forgotten SYMBOL is the likelier mistake.
    guard key.contains("/") || key.hasSuffix(".json") else {
      throw ValidationError("missing argument SYMBOL")
    }
    return key
  }

  func openStore() async throws -> Store {
    try await Store.open(try place().store, options: connection.options)
  }

  /// The symbol's library, which is expected to exist, and its name.
  func openSymbol() async throws -> (library: Library, symbol: String) {
    let place = try place()
    return (try await openStore().library(place.library ?? ""), place.symbol ?? "")
  }

  private func place() throws -> Place {
    try Place(parsing: [store, library, symbol], shape: .symbolOrKey)
  }
}
