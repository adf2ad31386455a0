package import SternaBase

/// The first 16 bytes of a chunk's SHA-256, so that a chunk fetched alone can be verified.
package struct ChunkChecksum: Hashable, Sendable {
  let high: UInt64
  let low: UInt64

  package static let byteCount = 16

  package init(hashing bytes: Bytes) {
    let digest = SHA256Digest(hashing: bytes).bytes
    high = digest[..<8].reduce(0) { $0 << 8 | UInt64($1) }
    low = digest[8..<16].reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// In the order of the digest's bytes.
  package func write(to writer: inout ByteWriter) {
    writer.write(high.byteSwapped)
    writer.write(low.byteSwapped)
  }

  package init(reading reader: inout ByteReader) throws(SternaError) {
    high = try reader.read(UInt64.self).byteSwapped
    low = try reader.read(UInt64.self).byteSwapped
  }
}
