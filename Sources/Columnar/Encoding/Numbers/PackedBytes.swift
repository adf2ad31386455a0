import SternaBase

extension GrowableBytes {
  /// Unsigned LEB128, as `ByteReader.readVarint` reads it.
  mutating func appendVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }

  static func varintByteCount(_ value: UInt64) -> Int { max(1, (BitPacking.width(of: value) + 6) / 7) }
}

extension ByteReader {
  /// A bit width: 0 to 64.
  mutating func readBitWidth() throws(SternaError) -> Int {
    let width: UInt8 = try read()
    guard width <= 64 else { throw malformed("bit width \(width)") }
    return Int(width)
  }
}
