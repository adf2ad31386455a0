import SternaBase
import VersionStore

extension Library {
  /// Copies a symbol: a version of it, or all of them, as new versions of another symbol, here or in
  /// another library or store.
  ///
  /// Data travels in its stored form: within a store the store copies it, from one to another it passes
  /// through this machine and is checked on the way. What the destination has is not copied again, so a
  /// copy that was interrupted, or is repeated later, brings over what is missing.
  ///
  /// - Parameters:
  ///   - destination: nil for this library.
  ///   - newName: nil for the same name.
  ///   - asOf: the version to copy; nil for all live versions, oldest first.
  /// - Returns: the versions that were written; none where the destination had them.
  @discardableResult
  public func copy(
    _ symbol: String, to destination: Library? = nil, as newName: String? = nil, asOf: AsOf? = .latest
  ) async throws(SternaError) -> [VersionInfo] {
    let newName = newName ?? symbol
    guard destination != nil || newName != symbol else {
      throw SternaError(
        .invalidArgument, "symbol '\(symbol)' would be copied to itself",
        advice: "Give another name or another library.")
    }
    return try await reporting {
      let scope = asOf.map { CopyScope.version($0.selector) } ?? .allVersions
      return try await symbols.copy(symbol, scope, to: (destination ?? self).symbols, as: newName)
        .map { VersionInfo(symbol: newName, $0) }
    }
  }

  /// Gives a symbol another name in its library. All live versions are copied, then the old symbol is
  /// deleted; until then both are there, and a rename that was interrupted is completed by another.
  ///
  /// Versions get new numbers and times. Snapshots keep what they hold under the old name.
  ///
  /// - Throws: `symbolNotFound`, `alreadyExists`, `conflict` when rows are staged for the symbol: their
  ///   tokens name it, so they are committed or given up first.
  public func rename(_ symbol: String, to newName: String) async throws(SternaError) {
    try await reporting { try await symbols.rename(symbol, to: newName) }
  }
}
