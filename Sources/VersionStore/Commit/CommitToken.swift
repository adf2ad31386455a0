import SternaBase

/// Names a commit whose outcome could not be learned: whoever holds it can settle it when the store answers
/// again.
package struct CommitToken: Hashable, Sendable {
  package let symbol: String
  /// The only version that the commit can have become.
  package let version: UInt64
  package let commitID: UniqueID

  package init(symbol: String, version: UInt64, commitID: UniqueID) {
    self.symbol = symbol
    self.version = version
    self.commitID = commitID
  }

  /// `<commit id>.<version>.<symbol, percent-encoded>`: short text without secrets.
  package var text: String {
    "\(commitID.hex).\(version).\(PercentEncoding.encode(symbol, keeping: .name))"
  }
}
