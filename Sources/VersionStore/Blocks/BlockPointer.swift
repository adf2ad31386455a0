import Columnar
import SternaBase

/// Names one immutable block and vouches for its bytes: the digest is its name, its signature and its
/// check.
///
/// A block is read only through a pointer, so a misdirected or altered object can never pass for another.
package struct BlockPointer: Hashable, Sendable {
  package let kind: BlockKind
  /// The symbol's collection epoch under which the block was uploaded.
  package let epoch: UInt64
  package let digest: SHA256Digest
  package let byteCount: Int

  package init(kind: BlockKind, epoch: UInt64, digest: SHA256Digest, byteCount: Int) {
    self.kind = kind
    self.epoch = epoch
    self.digest = digest
    self.byteCount = byteCount
  }

  /// The same content under another epoch.
  package func moved(to epoch: UInt64) -> BlockPointer {
    BlockPointer(kind: kind, epoch: epoch, digest: digest, byteCount: byteCount)
  }
}

extension BlockPointer {
  /// The largest block: a segment of 2 GiB.
  static let byteCountMax = 1 << 31

  package func write(to writer: inout ByteWriter) {
    writer.write(kind.rawValue)
    writer.writeVarint(epoch)
    writer.writeCount(byteCount)
    writer.writeRaw(digest.bytes)
  }

  package init(reading reader: inout ByteReader) throws(SternaError) {
    let code = try reader.read(UInt8.self)
    guard let kind = BlockKind(rawValue: code) else { throw reader.malformed("block kind \(code)") }
    let epoch = try reader.readVarint()
    let byteCount = try reader.readCount(atMost: Self.byteCountMax)
    let raw = try reader.readRaw(SHA256Digest.byteCount)
    guard let digest = SHA256Digest(bytes: raw.array) else { throw reader.malformed("digest") }
    self.init(kind: kind, epoch: epoch, digest: digest, byteCount: byteCount)
  }
}
