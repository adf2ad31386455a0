/// A gzip member without compression (RFC 1951's stored blocks), so that tests need no compressor.
enum StoredGzip {
  static func member(_ bytes: [UInt8], blockByteCount: Int = 60_000) -> [UInt8] {
    var member: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    var position = 0
    repeat {
      let block = bytes[position..<min(position + blockByteCount, bytes.count)]
      position += block.count
      member.append(position == bytes.count ? 1 : 0)
      member += littleEndian(UInt16(block.count)) + littleEndian(~UInt16(block.count)) + block
    } while position < bytes.count
    return member + littleEndian(checksum(bytes)) + littleEndian(UInt32(truncatingIfNeeded: bytes.count))
  }

  private static func littleEndian<Integer: FixedWidthInteger>(_ value: Integer) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  /// CRC-32 bit by bit.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { checksum, byte in
      (0..<8).reduce(checksum ^ UInt32(byte)) { rest, _ in rest >> 1 ^ (rest & 1 == 0 ? 0 : 0xEDB8_8320) }
    }
  }
}
