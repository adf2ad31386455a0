import SternaBase

extension RefState {
  package static let formatVersion: UInt8 = 1
  /// A ref above this is refused when read, and is a bug when written: versions move to history long
  /// before.
  package static let byteCountMax = 512 << 10

  package func encode() -> Bytes {
    var writer = Envelope.begin(.ref, version: Self.formatVersion)
    writer.writeString(symbol)
    writeID.write(to: &writer)
    writer.writeVarint(epoch)
    writer.writeVarint(life)
    writer.writeBool(isDeleted)
    writer.writeVarint(nextVersion)
    writer.writeVarint(liveFrom)
    history.write(to: &writer)
    VersionEntryCoding.write(recent, to: &writer)
    // The length byte and this many zeros make the parity of the size say whether the symbol exists.
    let isOdd = !(writer.count + 1).isMultiple(of: 2)
    let padding = isOdd == isDeleted ? 0 : 1
    writer.writeCount(padding)
    writer.writeRaw(repeatElement(0, count: padding))
    return Envelope.seal(writer)
  }

  package init(decoding bytes: Bytes, symbol: ObjectName) throws(SternaError) {
    let subject = "ref of symbol '\(symbol.text)'"
    guard bytes.count <= Self.byteCountMax else {
      throw SternaError(.corrupt, "\(subject) has \(bytes.count) bytes")
    }
    var (reader, name) = try Self.open(bytes, subject: subject)
    guard name == symbol.text else { throw reader.malformed("it belongs to symbol '\(name)'") }
    let writeID = try UniqueID(reading: &reader)
    let epoch = try reader.readVarint()
    let life = try reader.readVarint()
    let isDeleted = try reader.readBool()
    let nextVersion = UInt64(try reader.readCount(atMost: VersionEntry.countMax))
    let liveFrom = try reader.readVarint()
    guard liveFrom <= nextVersion else { throw reader.malformed("versions that are live from \(liveFrom)") }
    let history = try TreeRoot(reading: &reader)
    let recent = try VersionEntryCoding.read(from: &reader)
    _ = try reader.readRaw(reader.readCount(atMost: 1))
    try reader.expectEnd()
    guard recent.last.map({ $0.number + 1 == nextVersion }) ?? (nextVersion == 0 || history != .empty)
    else {
      throw reader.malformed("newest version is not \(nextVersion) - 1")
    }
    self.init(
      symbol: name, writeID: writeID, epoch: epoch, life: life, isDeleted: isDeleted,
      nextVersion: nextVersion, liveFrom: liveFrom, history: history, recent: recent)
  }

  /// The symbol of a ref whose key does not tell: names too long for a key are shortened there.
  package static func symbolName(in bytes: Bytes) throws(SternaError) -> String {
    try open(bytes, subject: "ref").name
  }

  private static func open(
    _ bytes: Bytes, subject: String
  ) throws(SternaError) -> (reader: ByteReader, name: String) {
    let body = try Envelope.unseal(bytes, subject: subject)
    var reader = try Envelope.open(body, .ref, version: formatVersion, subject: subject)
    let name = try reader.readString()
    return (reader, name)
  }

  /// Whether a ref of this size belongs to a symbol that exists.
  package static func isLive(byteCount: Int) -> Bool { byteCount.isMultiple(of: 2) }
}
