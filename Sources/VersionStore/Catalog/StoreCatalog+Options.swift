import ObjectStore
import SternaBase

/// What was chosen for a library, kept in its own object.
extension StoreCatalog {
  /// How often a change may meet another one before it gives up.
  private static let attemptCountMax = 16

  /// The options of a library that exists.
  /// - Throws: `libraryNotFound`.
  package func options(of library: String) async throws -> JSONValue? {
    try await read(library).document.options
  }

  /// Changes the options of a library, whoever else changes them at the same time.
  /// - Throws: `libraryNotFound`, `conflict`.
  @discardableResult
  package func changeOptions(
    of library: String, _ change: (JSONValue?) throws -> JSONValue?
  ) async throws -> JSONValue? {
    for _ in 0..<Self.attemptCountMax {
      var (document, tag) = try await read(library)
      document.options = try change(document.options)
      do {
        _ = try await folder(of: library).put(
          LibraryKeys.options, try document.encode(), mode: .ifMatch(tag))
        return document.options
      } catch let error as SternaError where error.code == .preconditionFailed {
        continue
      }
    }
    throw SternaError(
      .conflict, "others went on changing the options of library '\(library)'", advice: "Try again.")
  }

  private func read(_ library: String) async throws -> (document: LibraryDocument, tag: ETag) {
    do {
      let result = try await folder(of: library).get(LibraryKeys.options)
      return (try LibraryDocument(decoding: result.bytes), result.tag)
    } catch let error as SternaError where error.code == .objectNotFound {
      throw Self.notFound(library)
    }
  }

  static func notFound(_ library: String) -> SternaError {
    SternaError(
      .libraryNotFound, "there is no library '\(library)'",
      advice: "`sterna ls STORE` lists the libraries; importing into a new one creates it.")
  }
}
