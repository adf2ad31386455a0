import SternaBase

/// What a commit does besides adding its version, and what must hold when it takes effect.
///
/// All of it is decided from the state that the compare-and-swap names, so nothing can come in between.
package struct CommitTerms: Hashable, Sendable {
  /// What the version that the commit builds on must be.
  package enum Expectation: Hashable, Sendable {
    case nothing
    /// The newest live version has this number.
    case version(UInt64)
    /// There is no live version.
    case noVersion
    /// The newest live version's metadata has this value under this name; nil for neither.
    case metadataMember(String, JSONValue?)
  }

  package var expectation: Expectation
  /// Deletes all earlier versions together with the commit.
  package var prunesPreviousVersions: Bool

  package init(expectation: Expectation = .nothing, prunesPreviousVersions: Bool = false) {
    self.expectation = expectation
    self.prunesPreviousVersions = prunesPreviousVersions
  }
}
