public import SternaBase
import VersionStore

/// What a commit does besides adding its version, and what must hold when it takes effect.
///
///     try await library.committing(on: .init(expectation: .version(7))).write("SPY", corrected)
///
/// It is all part of the one compare-and-swap: no other writer can come in between.
public struct CommitTerms: Hashable, Sendable {
  /// What the latest version must be, or the commit fails with `conflict` and changes nothing.
  public enum Expectation: Hashable, Sendable {
    case nothing
    case version(Int)
    /// The symbol has no version.
    case noVersion
    /// The latest version's metadata is an object with this member; nil for one without it.
    case metadataMember(String, JSONValue?)
  }

  public var expectation: Expectation
  /// Deletes all earlier versions in the same request.
  public var prunesPreviousVersions: Bool

  public init(expectation: Expectation = .nothing, prunesPreviousVersions: Bool = false) {
    self.expectation = expectation
    self.prunesPreviousVersions = prunesPreviousVersions
  }
}

extension Library {
  /// The same library, whose commits are made on these terms.
  public func committing(on terms: CommitTerms) -> Library {
    let expectation: VersionStore.CommitTerms.Expectation =
      switch terms.expectation {
      case .nothing: .nothing
      case .version(let number): .version(UInt64(clamping: number))
      case .noVersion: .noVersion
      case .metadataMember(let name, let value): .metadataMember(name, value)
      }
    return Library(
      name: name,
      symbols: symbols.committing(
        on: .init(expectation: expectation, prunesPreviousVersions: terms.prunesPreviousVersions)),
      options: options)
  }
}
