import SternaBase
import VersionStore

/// Libraries with what was chosen for them.
extension Store {
  /// Opens a library with its own options: one request.
  /// - Parameter options: makes the library with these when it is not there.
  /// - Returns: the library, and whether it was made now.
  /// - Throws: `libraryNotFound`; `unsupportedStore` when creating on a store whose conditional writes do
  ///   not work.
  public func openLibrary(
    _ name: String, creatingWith options: LibraryOptions? = nil
  ) async throws(SternaError) -> (library: Library, isNew: Bool) {
    try await reporting {
      do {
        return (try makeLibrary(name, .init(stored: try await catalog.options(of: name))), false)
      } catch let error as SternaError where error.code == .libraryNotFound {
        guard let options else { throw error }
        if try await createLibrary(name, options: options) { return (try makeLibrary(name, options), true) }
        // Another process was faster: its options count.
        return (try makeLibrary(name, .init(stored: try await catalog.options(of: name))), false)
      }
    }
  }

  /// Changes what was chosen for a library. Those who have it open go on as before.
  /// - Returns: the options as they are now.
  /// - Throws: `libraryNotFound`, `conflict`.
  @discardableResult
  public func changeOptions(
    of library: String, _ change: (inout LibraryOptions) throws -> Void
  ) async throws(SternaError) -> LibraryOptions {
    try await reporting {
      let stored = try await catalog.changeOptions(of: library) { stored in
        var options = LibraryOptions(stored: stored)
        try change(&options)
        return options.stored
      }
      return LibraryOptions(stored: stored)
    }
  }
}
