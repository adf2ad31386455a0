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

  /// The texts of a column, plain or by their pattern; `isText` asks for valid UTF-8.
  static func decode(
    _ node: EncodedNode, _ payload: inout ByteReader, count: Int, isText: Bool
  ) throws(SternaError) -> any TextSource {
    if node.encoding == .pattern {
      return try PatternEncoding.decode(node, &payload, count: count, isText: isText)
    }
    guard node.encoding == .variable, node.byteCount == 0 else {
      throw .malformedChunk("encoding \(node.encoding.name) where texts are expected")
    }
    return try PlainTexts(node, &payload, count: count, isText: isText)
  }
}

/// Texts and binaries as lengths and bytes; these are decompressed to their place.
struct PlainTexts: TextSource {
  private let lengths: Bytes
  private let bytes: Bytes
  private let bytesNode: EncodedNode
  private let isText: Bool
  let count: Int
  let byteCount: Int

  fileprivate init(
    _ node: EncodedNode, _ payload: inout ByteReader, count: Int, isText: Bool
  ) throws(SternaError) {
    let storage = try ByteStorage(untrustedCount: count * MemoryLayout<UInt64>.size)
    let lengths = storage.mutableBytes.assumingMemoryBound(to: UInt64.self)
    try NumberDecoder.decode(node.children[0], &payload, into: lengths)
    bytesNode = node.children[1]
    bytes = try payload.readRaw(bytesNode.byteCount)
    byteCount = try Self.byteCount(of: bytesNode, bytes)
    var end: UInt64 = 0
    for length in lengths {
      // No overflow: both are at most `byteCount` here.
      guard length <= UInt64(byteCount) else { throw .malformedChunk("a text longer than all") }
      end += length
      guard end <= UInt64(byteCount) else { throw .malformedChunk("texts longer than their bytes") }
    }
    guard end == UInt64(byteCount) else { throw .malformedChunk("bytes that belong to no text") }
    self.lengths = Bytes(storage)
    self.count = count
    self.isText = isText
  }

  private static func byteCount(of node: EncodedNode, _ bytes: Bytes) throws(SternaError) -> Int {
    switch node.encoding {
    case .plain: return bytes.count
    case .zstd:
      guard node.children[0].encoding == .plain, node.children[0].byteCount == node.parameters[0] else {
        throw .malformedChunk("compressed texts that are not plain")
      }
      return try ZstdEncoding.decompressedByteCount(of: bytes, node)
    default: throw .malformedChunk("encoding \(node.encoding.name) where bytes are expected")
    }
  }

  func write(to target: TextTarget) throws(SternaError) {
    lengths.withUnsafeBytes { raw in
      let lengths = raw.assumingMemoryBound(to: Int64.self)
      var end = target.base
      for row in 0..<lengths.count {
        end &+= lengths[row]
        target.ends[row] = end
      }
    }
    if bytesNode.encoding == .zstd {
      try ZstdEncoding.decompress(bytes, into: target.data)
    } else {
      bytes.withUnsafeBytes { target.data.copyMemory(from: $0) }
    }
    guard !isText || target.isUTF8 else { throw .malformedChunk("text is not UTF-8") }
  }
}
