import SternaBase
import VersionStore

extension Library {
  /// The names of all symbols, sorted.
  public func symbolNames() async throws(SternaError) -> [String] {
    try await reporting {
      let names = try await symbols.symbols()
      if names.isEmpty { try await symbols.requireLibrary() }
      return names
    }
  }

  public func hasSymbol(_ symbol: String) async throws(SternaError) -> Bool {
    try await reporting { try await symbols.hasSymbol(symbol) }
  }

  /// All versions ever committed, newest first; deleted ones are marked.
  public func versions(of symbol: String) async throws(SternaError) -> [VersionInfo] {
    try await reporting {
      try await symbols.versions(of: symbol).map { VersionInfo(symbol: symbol, $0) }
    }
  }

  /// Shape, schema, index range and metadata of a version, without reading data.
  public func description(
    of symbol: String, asOf: AsOf = .latest
  ) async throws(SternaError) -> SymbolDescription {
    try await reporting {
      let version = try await symbols.version(symbol, asOf.selector)
      return SymbolDescription(
        version: VersionInfo(symbol: symbol, version.entry), schema: try await version.schema(),
        indexRange: version.content.summary.keys.map { $0.first...$0.last },
        metadata: try await version.metadata())
    }
  }

  /// What was attached to a version when it was written.
  public func metadata(of symbol: String, asOf: AsOf = .latest) async throws(SternaError) -> JSONValue? {
    try await reporting { try await symbols.version(symbol, asOf.selector).metadata() }
  }
}
