import SternaBase

/// The beginning of a snapshot object: its stamp, and where each page lies.
///
///     0        envelope (kind 5)   head length u32
///              phase   was live   creation id   write id   name   time
///              member count   metadata part   page count, page parts        part: byte count, SHA-256
///              SHA-256 of everything before
///     head     metadata   page 0   page 1   ...
///
/// One object, so that pending, live and gone are one compare-and-swap each and a snapshot that is deleted
/// leaves nothing behind; with an index in front, so that one symbol of a hundred thousand takes two
/// requests, the first bytes and one page. The head is at most about 11 KiB.
package struct SnapshotHead: Hashable, Sendable {
  /// A part of the object behind the head.
  struct Part: Hashable, Sendable {
    var byteCount: Int
    var digest: SHA256Digest

    init(_ bytes: Bytes) {
      byteCount = bytes.count
      digest = SHA256Digest(hashing: bytes)
    }

    init(reading reader: inout ByteReader) throws(SternaError) {
      byteCount = try reader.readCount(atMost: SnapshotHead.partByteCountMax)
      guard let digest = SHA256Digest(bytes: try reader.readRaw(SHA256Digest.byteCount).array) else {
        throw reader.malformed("digest")
      }
      self.digest = digest
    }

    func write(to writer: inout ByteWriter) {
      writer.writeCount(byteCount)
      writer.writeRaw(digest.bytes)
    }
  }

  package static let formatVersion: UInt8 = 1
  /// A part is one request.
  static let partByteCountMax = 1 << 31
  /// The first bytes of an object, enough for every head; most snapshots are smaller altogether.
  static let firstReadByteCount = 64 << 10
  private static let headByteCountMax = firstReadByteCount
  /// The bytes before the head's own length is known.
  private static let prologueByteCount = 10

  package var stamp: SnapshotStamp
  package var name: String
  package var time: Int64
  package var memberCount: Int
  var metadata: Part
  var pages: [Part]
  /// Bytes of the encoded head; the parts follow. Known once it was encoded or read.
  private(set) var headByteCount = 0

  /// Names a part of an object.
  enum PartName: Hashable, Sendable {
    case metadata
    case page(Int)
  }

  /// The bytes of a part within the object.
  func range(of part: PartName) -> Range<Int> {
    switch part {
    case .metadata: return headByteCount..<(headByteCount + metadata.byteCount)
    case .page(let position):
      let start = pages[..<position].reduce(headByteCount + metadata.byteCount) { $0 + $1.byteCount }
      return start..<(start + pages[position].byteCount)
    }
  }

  /// Whether bytes are the ones that the head vouches for.
  func isIntact(_ bytes: Bytes, _ part: PartName) -> Bool {
    switch part {
    case .metadata: metadata == Part(bytes)
    case .page(let position): pages[position] == Part(bytes)
    }
  }

  var objectByteCount: Int { pages.reduce(headByteCount + metadata.byteCount) { $0 + $1.byteCount } }
}

// MARK: - Bytes

extension SnapshotHead {
  /// The bytes of a whole object.
  package static func encode(_ contents: SnapshotContents, name: String, stamp: SnapshotStamp) throws
    -> Bytes
  {
    let metadata = try contents.metadata.map { Bytes(utf8: try $0.serialized()) } ?? .empty
    let pages = SnapshotPage.divide(contents.members).map { SnapshotPage.encode($0) }
    let head = SnapshotHead(
      stamp: stamp, name: name, time: contents.time, memberCount: contents.members.count,
      metadata: Part(metadata), pages: pages.map { Part($0) })
    var writer = ByteWriter(reserving: pages.reduce(1 << 14) { $0 + $1.count })
    writer.writeRaw(head.encoded)
    writer.writeRaw(metadata)
    for page in pages { writer.writeRaw(page) }
    return writer.finish()
  }

  private var encoded: Bytes {
    var body = ByteWriter()
    body.write(stamp.phase.rawValue)
    body.writeBool(stamp.wasLive)
    stamp.creationID.write(to: &body)
    stamp.writeID.write(to: &body)
    body.writeString(name)
    body.write(time)
    body.writeCount(memberCount)
    metadata.write(to: &body)
    body.writeCount(pages.count)
    for page in pages { page.write(to: &body) }
    var writer = Envelope.begin(.snapshot, version: Self.formatVersion)
    writer.write(UInt32(Self.prologueByteCount + body.count + SHA256Digest.byteCount))
    writer.writeRaw(body.bytes)
    return Envelope.seal(writer)
  }

  /// Reads a head from an object's first bytes.
  package init(decoding bytes: Bytes, subject: String) throws(SternaError) {
    var prologue = try Envelope.open(
      bytes, .snapshot, version: Self.formatVersion, subject: subject)
    let byteCount = Int(try prologue.read(UInt32.self))
    guard byteCount <= Self.headByteCountMax, byteCount <= bytes.count else {
      throw prologue.malformed("a head of \(byteCount) bytes")
    }
    let sealed = try Envelope.unseal(bytes[0..<byteCount], subject: subject)
    var reader = try Envelope.open(sealed, .snapshot, version: Self.formatVersion, subject: subject)
    _ = try reader.read(UInt32.self)
    stamp = try Self.readStamp(from: &reader)
    name = try reader.readString()
    time = try reader.read()
    memberCount = try reader.readCount(atMost: SnapshotPage.memberCountMax)
    metadata = try Part(reading: &reader)
    pages = []
    for _ in 0..<(try reader.readCount(atMost: SnapshotPage.countMax)) {
      pages.append(try Part(reading: &reader))
    }
    try reader.expectEnd()
    guard !pages.isEmpty else { throw reader.malformed("no pages") }
    headByteCount = byteCount
  }

  private static func readStamp(from reader: inout ByteReader) throws(SternaError) -> SnapshotStamp {
    let code = try reader.read(UInt8.self)
    guard let phase = SnapshotStamp.Phase(rawValue: code) else { throw reader.malformed("phase \(code)") }
    let wasLive = try reader.readBool()
    return SnapshotStamp(
      phase: phase, creationID: try UniqueID(reading: &reader), writeID: try UniqueID(reading: &reader),
      wasLive: wasLive)
  }

  private init(
    stamp: SnapshotStamp, name: String, time: Int64, memberCount: Int, metadata: Part, pages: [Part]
  ) {
    self.stamp = stamp
    self.name = name
    self.time = time
    self.memberCount = memberCount
    self.metadata = metadata
    self.pages = pages
  }
}
