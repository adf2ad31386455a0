import SternaBase

/// The part of a write that differs between operations: from the state that a commit builds on to the
/// content of the new version, uploading whatever that content references.
///
/// It is called again for every rebase, and then derives every pointer anew from the state that it is
/// given: also a block that looks unchanged may belong to a version that was pruned in between.
package protocol VersionBuilder: Sendable {
  var operation: VersionEntry.Operation { get }
  /// Whether all earlier versions are deleted by the same commit.
  var prunesPreviousVersions: Bool { get }
  /// Ids of the staged pieces that the version consumes.
  var tokens: [UniqueID] { get }

  /// - Parameter isRebase: whether another writer's commit came between: what was possible at first and no
  ///   longer is must then throw `conflict`.
  func build(on base: RefSnapshot, isRebase: Bool) async throws -> VersionContent

  /// The same, with what the version does to others.
  func buildVersion(on base: RefSnapshot, isRebase: Bool) async throws -> BuiltVersion
}

/// The content of a new version, and what its coming means for those before it.
package struct BuiltVersion: Sendable {
  package var content: VersionContent
  /// The tail rows of an older version with which the content's tail begins: versions that use them can use
  /// the new one instead.
  package var continuedTail: TailUse?

  package init(_ content: VersionContent, continuing continuedTail: TailUse? = nil) {
    self.content = content
    self.continuedTail = continuedTail
  }
}

extension VersionBuilder {
  package var prunesPreviousVersions: Bool { false }

  package func buildVersion(on base: RefSnapshot, isRebase: Bool) async throws -> BuiltVersion {
    BuiltVersion(try await build(on: base, isRebase: isRebase))
  }
}

extension VersionBuilder {
  package var tokens: [UniqueID] { [] }
}
