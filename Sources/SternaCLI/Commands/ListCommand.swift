import ArgumentParser
import Sterna
import VersionStore

struct ListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ls", abstract: "List the libraries of a store, or the symbols of a library.",
    usage: "sterna ls [STORE] [LIBRARY] [--long] [options]",
    discussion: """
      Examples:
        sterna ls s3://bucket/prefix
        sterna ls ./store market
        sterna ls ./store market --long --format csv

      With STERNA_STORE set, a single argument is a LIBRARY unless it looks like a store.
      """)

  @OptionGroup var place: LibraryArguments
  @Flag(
    name: [.short, .long], help: "Also the newest version, its time and its size; one request a symbol.")
  var long = false
  @OptionGroup var output: FormatArguments

  private static let requestConcurrency = 32

  func run() async throws {
    let store = try await place.open()
    if let library = try place.place().library {
      try await print(try await symbols(of: try await store.library(library)))
    } else {
      let libraries = try await store.libraries()
      try await print(try DataFrame([("library", .strings(libraries))]))
      // A mistyped address looks just like this.
      if libraries.isEmpty { Messages.write("no library in \(store.uri) yet") }
    }
  }

  private func print(_ frame: DataFrame) async throws {
    try await FrameOutput(format: output.format).print(frame, hasNames: true)
  }

  private func symbols(of library: Library) async throws -> DataFrame {
    let symbols = try await library.symbolNames()
    guard long else { return try DataFrame([("symbol", .strings(symbols))]) }
    let versions = try await mapConcurrently(symbols, limit: Self.requestConcurrency) {
      try await Self.latest(of: $0, in: library)
    }
    return try Self.table(versions.compactMap { $0 })
  }

  /// Nil for a symbol that was deleted since it was listed, or all of whose versions are.
  private static func latest(of symbol: String, in library: Library) async throws -> VersionInfo? {
    do throws(SternaError) {
      return try await library.description(of: symbol).version
    } catch {
      guard error.code == .symbolNotFound || error.code == .versionNotFound else { throw error }
      return nil
    }
  }

  private static func table(_ versions: [VersionInfo]) throws(SternaError) -> DataFrame {
    try DataFrame([("symbol", .strings(versions.map(\.symbol)))] + VersionTable.columns(of: versions))
  }
}
