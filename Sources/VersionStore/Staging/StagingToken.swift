import SternaBase

/// Names a staged piece: what a worker hands to whoever commits. Short text without secrets.
///
/// The id belongs to the call of `stage` and stays the same over its attempts; an attempt is made under an
/// epoch of its own. So a version that records the id refuses all attempts of one call, also one whose
/// descriptor lands late.
package struct StagingToken: Hashable, Sendable {
  package let id: UniqueID
  /// The epoch under which the piece was uploaded.
  package let epoch: UInt64
  package let symbol: ObjectName

  package init(id: UniqueID, epoch: UInt64, symbol: ObjectName) {
    self.id = id
    self.epoch = epoch
    self.symbol = symbol
  }

  /// `<id>.<epoch>.<symbol, percent-encoded>`
  package var text: String {
    "\(id.hex).\(epoch).\(PercentEncoding.encode(symbol.text, keeping: .name))"
  }

  /// Reads what `text` gave.
  package init(text: String) throws(SternaError) {
    let parts = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let id = UniqueID(hex: parts[0]), let epoch = UInt64(parts[1]),
      String(epoch) == parts[1], let symbol = PercentEncoding.decode(parts[2])
    else {
      throw SternaError(
        .invalidArgument, "'\(text.prefix(80))' is no token of a staged piece",
        advice: "Pass tokens as they were returned by staging.")
    }
    self.init(id: id, epoch: epoch, symbol: try ObjectName(symbol, subject: "symbol"))
  }

  /// Reads the last component of a descriptor's key; nil for what Sterna would not have written.
  init?(component: some StringProtocol, of symbol: ObjectName) {
    let parts = component.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let id = UniqueID(hex: parts[0]), id.hex == parts[0],
      let epoch = UInt64(parts[1]), String(epoch) == parts[1]
    else { return nil }
    self.init(id: id, epoch: epoch, symbol: symbol)
  }

  /// The key of the descriptor.
  var key: String { "\(LibraryKeys.staged(of: symbol))\(id.hex).\(epoch)" }
}
