import SternaBase

/// Bits: validity, and the values of bool columns.
///
///     constant   parameter 0 or 1
///     bitmap     [b7...b0] [...]   low bits first, the bits behind the last are zero
enum BitmapEncoding {
  static func encode(_ bits: Bitmap, level: Int, into target: inout GrowableBytes) -> EncodedNode {
    let setCount = bits.setCount
    if setCount == 0 || setCount == bits.count {
      return EncodedNode(.constant, parameters: [setCount == 0 ? 0 : 1])
    }
    let start = target.count
    let aligned = bits.aligned
    target.append(contentsOf: aligned)
    let node = EncodedNode(.bitmap, byteCount: aligned.count)
    return ZstdEncoding.compress(node, from: start, level: level, in: &target)
  }

  static func decode(
    _ node: EncodedNode, _ payload: inout ByteReader, count: Int
  ) throws(SternaError) -> Bitmap {
    let own = try payload.readRaw(node.byteCount)
    let byteCount = (count + 7) / 8
    switch node.encoding {
    case .constant:
      guard own.isEmpty, node.parameters[0] <= 1 else { throw .malformedChunk("a constant bit") }
      let byte: UInt8 = node.parameters[0] == 1 ? 0xFF : 0
      return Bitmap(
        bytes: Bytes(count: byteCount) { $0.initializeMemory(as: UInt8.self, repeating: byte) },
        count: count)
    case .bitmap:
      guard own.count == byteCount else { throw .malformedChunk("\(own.count) bytes for \(count) bits") }
      // A copy, so that a column does not keep a whole segment in memory.
      return Bitmap(bytes: own.withUnsafeBytes { Bytes(copying: $0) }, count: count)
    case .zstd:
      var inner = ByteReader(try ZstdEncoding.decompress(own, node), subject: payload.subject)
      let bits = try decode(node.children[0], &inner, count: count)
      try inner.expectEnd()
      return bits
    default: throw .malformedChunk("encoding \(node.encoding.name) where bits are expected")
    }
  }
}
