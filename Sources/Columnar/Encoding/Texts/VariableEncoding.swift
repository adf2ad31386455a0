import SternaBase

/// Texts and binaries as they are.
///
///     children   lengths (numbers) | bytes (plain, or zstd of plain), all values end to end
enum VariableEncoding {
  /// Encodes a utf8 or binary column; nulls have length 0 and no bytes.
  static func encode(_ column: Column, _ options: EncodingOptions, into target: inout GrowableBytes)
    -> EncodedNode
  {
    guard case .variable(let offsets, let data) = column.storage else {
      preconditionFailure("\(column.type) is not of variable width")
    }
    return offsets.withUnsafeBytes { raw in
      let bounds = raw.assumingMemoryBound(to: Int64.self)
      let lengths = (0..<column.count).map { column.isNull(at: $0) ? 0 : bounds[$0 + 1] - bounds[$0] }
      let lengthNode = NumberEncoder(options: options).encode(lengths, slotWidth: 8, into: &target)
      let start = target.count
      if column.validity == nil {
        target.append(contentsOf: data[Int(bounds[0])..<Int(bounds[column.count])])
      } else {
        for row in 0..<column.count where lengths[row] > 0 {
          target.append(contentsOf: data[Int(bounds[row])..<Int(bounds[row + 1])])
        }
      }
      let plain = EncodedNode(.plain, byteCount: target.count - start)
      let byteNode = ZstdEncoding.compress(plain, from: start, level: options.compressionLevel, in: &target)
      return EncodedNode(.variable, children: [lengthNode, byteNode])
    }
  }

  /// The offsets and data of a column, plain or by their pattern; `isText` asks for valid UTF-8.
  static func decode(
    _ node: EncodedNode, _ payload: inout ByteReader, count: Int, isText: Bool
  ) throws(SternaError) -> (offsets: Bytes, data: Bytes) {
    if node.encoding == .pattern {
      return try PatternEncoding.decode(node, &payload, count: count, isText: isText)
    }
    guard node.encoding == .variable, node.byteCount == 0 else {
      throw .malformedChunk("encoding \(node.encoding.name) where texts are expected")
    }
    let storage = try LargePages.storage(byteCount: (count + 1) * MemoryLayout<Int64>.size)
    let bounds = storage.mutableBytes.assumingMemoryBound(to: UInt64.self)
    bounds[0] = 0
    try NumberDecoder.decode(
      node.children[0], &payload, into: UnsafeMutableBufferPointer(rebasing: bounds[1...]))
    let data = try decodeBytes(node.children[1], &payload)
    var end: UInt64 = 0
    for row in stride(from: 1, through: count, by: 1) {
      // No overflow: both are at most `data.count` here.
      guard bounds[row] <= UInt64(data.count) else { throw .malformedChunk("a text longer than all") }
      end += bounds[row]
      guard end <= UInt64(data.count) else { throw .malformedChunk("texts longer than their bytes") }
      bounds[row] = end
    }
    guard end == UInt64(data.count) else { throw .malformedChunk("bytes that belong to no text") }
    let offsets = Bytes(storage)
    guard !isText || TextValidation.isValid(offsets: offsets, data: data) else {
      throw .malformedChunk("text is not UTF-8")
    }
    return (offsets, data)
  }

  private static func decodeBytes(
    _ node: EncodedNode, _ payload: inout ByteReader
  ) throws(SternaError) -> Bytes {
    let own = try payload.readRaw(node.byteCount)
    switch node.encoding {
    // A copy, so that a column does not keep a whole segment in memory.
    case .plain: return own.withUnsafeBytes { Bytes(copying: $0) }
    case .zstd:
      guard node.children[0].encoding == .plain, node.children[0].byteCount == node.parameters[0] else {
        throw .malformedChunk("compressed texts that are not plain")
      }
      return try ZstdEncoding.decompress(own, node)
    default: throw .malformedChunk("encoding \(node.encoding.name) where bytes are expected")
    }
  }
}
