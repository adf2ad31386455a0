import ObjectStore
import SternaBase

/// The libraries of a store.
///
///     <prefix>/sterna.json                the store marker
///     <prefix>/<library>/library.json     one per library
///
/// There is no list of libraries to keep in step: they are found by one LIST with a delimiter.
package struct StoreCatalog: Sendable {
  /// Holds the store's prefix and nothing else.
  let store: any ObjectStore
  let environment: Environment
  /// Which endpoint this is, as the marker records it; names no secret.
  let endpoint: String

  package init(store: any ObjectStore, environment: Environment, endpoint: String) {
    self.store = store
    self.environment = environment
    self.endpoint = endpoint
  }

  /// The folder of a library, as a store of its own.
  package func folder(of library: String) throws(SternaError) -> any ObjectStore {
    let name = try Self.name(library)
    return PrefixedObjectStore(store, prefix: "\(name.encoded)/")
  }

  /// Makes a library; one that is there already is left as it is.
  /// - Throws: `unsupportedStore` when the store's conditional writes fail the race and
  ///   `allowsSingleWriter` is not set.
  /// - Returns: false when the library was there already.
  package func create(
    _ library: String, options: JSONValue? = nil, allowsSingleWriter: Bool
  ) async throws -> Bool {
    let folder = try folder(of: library)
    try await ensureMarker(allowsSingleWriter: allowsSingleWriter)
    let document = LibraryDocument(
      name: library, id: environment.makeUniqueID(), created: environment.now(), options: options)
    do {
      _ = try await folder.put(LibraryKeys.options, try document.encode(), mode: .create)
      return true
    } catch let error as SternaError where error.code == .preconditionFailed {
      // It may be of a format that this build does not know.
      try await require(library)
      return false
    }
  }

  /// Whether a library exists; one of an unknown format throws.
  package func has(_ library: String) async throws -> Bool {
    do {
      _ = try LibraryDocument(decoding: try await folder(of: library).get(LibraryKeys.options).bytes)
      return true
    } catch let error as SternaError where error.code == .objectNotFound {
      return false
    }
  }

  /// - Throws: `libraryNotFound`.
  package func require(_ library: String) async throws {
    guard try await has(library) else { throw Self.notFound(library) }
  }

  /// The names of all libraries, sorted.
  package func libraries() async throws -> [String] {
    var candidates: [String] = []
    for try await page in store.listing(prefix: "", delimiter: "/") {
      candidates += page.commonPrefixes.compactMap(Self.libraryName(ofFolder:))
    }
    let names = try await mapConcurrently(candidates, limit: 16) { name in
      try await isPresent(name) ? name : nil
    }
    return names.compactMap { $0 }.sorted()
  }

  /// The library whose folder this is; nil for what no library can be called: others' objects may lie below
  /// the same prefix.
  private static func libraryName(ofFolder prefix: String) -> String? {
    guard let text = ObjectName.decode(prefix.dropLast()), let name = try? name(text) else { return nil }
    return name.encoded == prefix.dropLast() ? text : nil
  }

  /// Whether a library of whatever format is there: one that is too new to be opened is listed all the
  /// same.
  private func isPresent(_ library: String) async throws -> Bool {
    do {
      _ = try await folder(of: library).head(LibraryKeys.options)
      return true
    } catch let error as SternaError where error.code == .objectNotFound {
      return false
    }
  }

  /// Removes a library and everything in it. The library's own object goes first, so that nobody opens what
  /// is half gone; a removal that was interrupted is completed by another one.
  ///
  /// - Warning: a writer that is still at work in the library may leave objects behind.
  package func delete(_ library: String) async throws {
    let folder = try folder(of: library)
    try await folder.delete(LibraryKeys.options)
    for try await page in folder.listing(prefix: "") {
      let outcomes = try await folder.delete(page.entries.map(\.key))
      if let failure = outcomes.lazy.compactMap(\.failure).first { throw failure }
    }
  }

  package func marker() async throws -> StoreMarker? {
    do {
      return try StoreMarker(decoding: try await store.get(StoreMarker.key).bytes)
    } catch let error as SternaError where error.code == .objectNotFound {
      return nil
    }
  }

  /// A key prefix no library can have: their names never start with `~`.
  private static let proofPrefix = "~proof/"

  /// Races real conditional writes on this store.
  package func prove() async throws -> ConditionalWriteProof.Result {
    try await ConditionalWriteProof(on: store, keyPrefix: Self.proofPrefix, environment: environment).run()
  }

  /// Sees to it that the store is known to be safe from here, or that its user vouches for it.
  private func ensureMarker(allowsSingleWriter: Bool) async throws {
    if let marker = try await marker() {
      if marker.conditionalWrites == .singleWriter || marker.provenOn == endpoint { return }
      // The same bucket behind another endpoint: what was proven there says nothing here.
      if case .refuted(let reasons) = try await prove(), !allowsSingleWriter { throw Self.refusal(reasons) }
      return
    }
    var marker = StoreMarker(conditionalWrites: .proven, provenOn: endpoint)
    if case .refuted(let reasons) = try await prove() {
      guard allowsSingleWriter else { throw Self.refusal(reasons) }
      marker.conditionalWrites = .singleWriter
    }
    do {
      _ = try await store.put(StoreMarker.key, try marker.encode(), mode: .create)
    } catch let error as SternaError where error.code == .preconditionFailed {
      // Another process was faster; its race had the same judge.
    }
  }

  private static func refusal(_ reasons: [String]) -> SternaError {
    SternaError(
      .unsupportedStore,
      "the store's conditional writes cannot be relied on: \(reasons.joined(separator: "; "))",
      advice:
        "Use a store with atomic If-Match and If-None-Match, or, when there is only ever one writer at a "
        + "time, open it with the option single_writer.")
  }

  private static func name(_ library: String) throws(SternaError) -> ObjectName {
    let name = try ObjectName(library, subject: "library")
    guard !name.encoded.contains("~") else {
      throw SternaError(.invalidArgument, "library name is too long", advice: "Use at most 200 characters.")
    }
    guard library != StoreMarker.key else {
      throw SternaError(.invalidArgument, "library name '\(library)' is reserved")
    }
    return name
  }
}
