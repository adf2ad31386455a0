import Logging
import ObjectStore
import S3
import SternaBase
import VersionStore

/// A store: a bucket and prefix, a folder, or memory, that holds libraries.
///
///     let store = try await Store.open("s3://market-data/prod")
///     let library = try await store.library("ticks", create: true)
///     try await library.write("SPY", frame)
///
/// Opening costs no request. A store is a value that can be shared by any number of tasks.
public struct Store: Sendable {
  /// The URI it was opened with, without secrets.
  public let uri: String
  package let catalog: StoreCatalog
  /// Everything below the store's prefix.
  package let objects: any ObjectStore
  /// The adapter itself where the store is in a bucket: it knows what was learnt about the server.
  package let bucket: S3ObjectStore?
  let options: StoreOptions
  package let environment: Environment

  package init(
    uri: String, objects: any ObjectStore, endpoint: String, bucket: S3ObjectStore? = nil,
    options: StoreOptions, environment: Environment
  ) {
    self.uri = uri
    self.objects = objects
    self.bucket = bucket
    self.catalog = StoreCatalog(store: objects, environment: environment, endpoint: endpoint)
    self.options = options
    self.environment = environment
  }

  /// Opens a library without asking for its own options, which `openLibrary` does.
  /// - Parameter create: makes it when it is not there. Without it nothing is asked of the store now: a
  ///   library that does not exist is reported by the first use.
  /// - Throws: `unsupportedStore` when creating on a store whose conditional writes do not work.
  public func library(_ name: String, create: Bool = false) async throws(SternaError) -> Library {
    if create { try await createLibrary(name) }
    return try makeLibrary(name, LibraryOptions())
  }

  func makeLibrary(_ name: String, _ libraryOptions: LibraryOptions) throws(SternaError) -> Library {
    let catalog = catalog
    var symbolOptions = options.layout
    symbolOptions.shape.rowCountTarget = max(1, libraryOptions.rowsPerSegment ?? options.rowsPerSlice)
    symbolOptions.encoding = EncodingOptions(preference: options.encodingPreference)
    let logger = options.logger
    symbolOptions.warn = { logger.warning("\($0)") }
    if let columnCount = libraryOptions.columnsPerSegment {
      symbolOptions.shape.columnsPerGroup = max(1, columnCount)
    }
    let symbols = SymbolStore(
      store: try catalog.folder(of: name), environment: environment, options: symbolOptions,
      requireLibrary: { try await catalog.require(name) })
    return Library(name: name, symbols: symbols, options: libraryOptions)
  }

  /// Makes a library; one that exists is left as it is.
  /// - Returns: whether it was made now.
  @discardableResult
  public func createLibrary(
    _ name: String, options libraryOptions: LibraryOptions = LibraryOptions()
  ) async throws(SternaError) -> Bool {
    try await reporting {
      try await catalog.create(
        name, options: libraryOptions.stored, allowsSingleWriter: options.allowsSingleWriter)
    }
  }

  /// The names of all libraries, sorted.
  public func libraries() async throws(SternaError) -> [String] {
    try await reporting { try await catalog.libraries() }
  }

  public func hasLibrary(_ name: String) async throws(SternaError) -> Bool {
    try await reporting { try await catalog.has(name) }
  }

  /// Removes a library and everything in it. Nobody may be writing to it meanwhile.
  /// - Throws: `libraryNotFound`.
  public func deleteLibrary(_ name: String) async throws(SternaError) {
    try await reporting {
      try await catalog.require(name)
      try await catalog.delete(name)
    }
  }
}

/// Runs work and turns whatever it throws into a `SternaError`.
func reporting<Result>(_ work: () async throws -> Result) async throws(SternaError) -> Result {
  do {
    return try await work()
  } catch {
    throw SternaError(wrapping: error)
  }
}
