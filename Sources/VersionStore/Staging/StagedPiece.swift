import SternaBase

/// Rows that wait in the store for a commit, as their descriptor says: a version that belongs to nobody
/// yet.
///
///     envelope (kind 6)   symbol   token id   epoch   since version   entry, as in a ref   SHA-256
///
/// Create-only, under a key that names token and epoch. As long as the descriptor is there, collectors keep
/// what it leads to.
package struct StagedPiece: Hashable, Sendable {
  package let token: StagingToken
  /// The next version when the piece was staged: no older entry can have consumed it.
  package let sinceVersion: UInt64
  /// Nanoseconds since 1970 UTC.
  package let time: Int64
  package let content: VersionContent

  static let formatVersion: UInt8 = 1

  func encode() -> Bytes {
    var writer = Envelope.begin(.staged, version: Self.formatVersion)
    writer.writeString(token.symbol.text)
    token.id.write(to: &writer)
    writer.writeVarint(token.epoch)
    writer.writeVarint(sinceVersion)
    let entry = VersionEntry(
      number: 0, commitID: token.id, time: time, operation: .write, content: content)
    VersionEntryCoding.write([entry], to: &writer)
    return Envelope.seal(writer)
  }

  init(decoding bytes: Bytes, subject: String) throws(SternaError) {
    let body = try Envelope.unseal(bytes, subject: subject)
    var reader = try Envelope.open(body, .staged, version: Self.formatVersion, subject: subject)
    let symbol = try reader.readString()
    let id = try UniqueID(reading: &reader)
    let epoch = try reader.readVarint()
    sinceVersion = UInt64(try reader.readCount(atMost: VersionEntry.countMax))
    let entries = try VersionEntryCoding.read(from: &reader)
    try reader.expectEnd()
    guard entries.count == 1, let content = entries[0].content else {
      throw reader.malformed("\(entries.count) versions of one piece")
    }
    token = StagingToken(id: id, epoch: epoch, symbol: try ObjectName(symbol, subject: "symbol"))
    time = entries[0].time
    self.content = content
  }

  init(token: StagingToken, sinceVersion: UInt64, time: Int64, content: VersionContent) {
    self.token = token
    self.sinceVersion = sinceVersion
    self.time = time
    self.content = content
  }
}
