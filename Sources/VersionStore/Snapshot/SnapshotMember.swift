import SternaBase

/// One symbol of a snapshot: the version that it holds, with everything that is needed to read it.
///
/// The content is a copy, so neither reading nor protecting it asks the symbol's ref, which may have
/// dropped the version since.
package struct SnapshotMember: Hashable, Sendable {
  package var symbol: String
  /// A live version, without the tokens that it consumed.
  package var entry: VersionEntry

  package init(symbol: String, entry: VersionEntry) {
    assert(entry.isLive)
    self.symbol = symbol
    self.entry = entry
    self.entry.tokens = []
  }
}

/// What a snapshot holds.
package struct SnapshotContents: Hashable, Sendable {
  /// When it was made: nanoseconds since 1970 UTC.
  package var time: Int64
  /// Any JSON of the user.
  package var metadata: JSONValue?
  /// One per symbol.
  package var members: [SnapshotMember]

  package init(time: Int64, metadata: JSONValue? = nil, members: [SnapshotMember] = []) {
    self.time = time
    self.metadata = metadata
    self.members = members
  }
}
