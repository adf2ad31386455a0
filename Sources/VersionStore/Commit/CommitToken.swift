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

  /// Reads what `text` gave.
  package init(text: String) throws(SternaError) {
    let parts = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let commitID = UniqueID(hex: parts[0]), let version = UInt64(parts[1]),
      version < UInt64(VersionEntry.countMax), let symbol = PercentEncoding.decode(parts[2])
    else {
      throw SternaError(
        .invalidArgument, "'\(text.prefix(80))' is no commit token",
        advice: "Pass the token that the error commitStateUnknown names.")
    }
    self.init(symbol: symbol, version: version, commitID: commitID)
  }
}
