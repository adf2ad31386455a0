import CZstd
import SternaBase

/// Any subtree, compressed.
///
///     parameter   how many bytes the child has (the zstd frame must say the same)
///     child       lies in the decompressed bytes
enum ZstdEncoding {
  /// Fewer bytes than this are not worth a try.
  static let minimumByteCount = 128
  /// What must be saved, in percent, for a reader to have to decompress.
  private static let minimumSavingPercent = 15
  private static let sampleByteCount = 16_384

  /// Replaces the bytes of `child`, which are those from `start` on, by their compressed form when that
  /// saves enough; a sample decides whether to try, unless the caller has made sure that it pays.
  static func compress(
    _ child: EncodedNode, from start: Int, level: Int, sampling: Bool = true, in target: inout GrowableBytes
  ) -> EncodedNode {
    let byteCount = target.count - start
    assert(byteCount == child.totalByteCount)
    guard level > 0, byteCount >= minimumByteCount else { return child }
    let source = UnsafeRawBufferPointer(rebasing: target.bytes[start...])
    if sampling, byteCount > 4 * sampleByteCount {
      let middle = (byteCount - sampleByteCount) / 2
      let sample = UnsafeRawBufferPointer(rebasing: source[middle..<(middle + sampleByteCount)])
      guard compressed(sample, level: level) != nil else { return child }
    }
    guard var compressed = compressed(source, level: level) else { return child }
    // Numbers without repetitions: a high level finds matches that cost more than they save.
    if level > 1, let quick = Self.compressed(source, level: 1), quick.count < compressed.count {
      compressed = quick
    }
    target.truncate(to: start)
    target.append(contentsOf: compressed)
    return EncodedNode(
      .zstd, byteCount: compressed.count, parameters: [UInt64(byteCount)], children: [child])
  }

  /// The compressed bytes, or nil when they save too little.
  private static func compressed(_ source: UnsafeRawBufferPointer, level: Int) -> Bytes? {
    let storage = ByteStorage(count: ZSTD_compressBound(source.count))
    let size = ZstdContexts.withCompressor { context in
      ZSTD_compressCCtx(
        context, storage.mutableBytes.baseAddress, storage.count, source.baseAddress, source.count,
        Int32(level))
    }
    guard let size, ZSTD_isError(size) == 0, size * 100 <= source.count * (100 - minimumSavingPercent)
    else {
      return nil
    }
    return Bytes(storage)[0..<size]
  }

  /// The bytes of a zstd node's child.
  static func decompress(_ own: Bytes, _ node: EncodedNode) throws(SternaError) -> Bytes {
    let storage = try ByteStorage(untrustedCount: try decompressedByteCount(of: own, node))
    try decompress(own, into: storage.mutableBytes)
    return Bytes(storage)
  }

  /// How many bytes a node's child has: what its parameter and the frame agree upon.
  static func decompressedByteCount(of own: Bytes, _ node: EncodedNode) throws(SternaError) -> Int {
    guard let byteCount = Int(exactly: node.parameters[0]), byteCount <= SegmentLimits.byteCount,
      byteCount / SegmentLimits.compressionRatio <= own.count
    else { throw .malformedChunk("\(node.parameters[0]) bytes out of \(own.count)") }
    let declared = own.withUnsafeBytes { ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
    guard sterna_zstd_content_size_is_known(declared) != 0, declared == UInt64(byteCount) else {
      throw .malformedChunk("the zstd frame does not hold \(byteCount) bytes")
    }
    return byteCount
  }

  /// Fills all of `target`, or throws.
  static func decompress(_ own: Bytes, into target: UnsafeMutableRawBufferPointer) throws(SternaError) {
    let size = own.withUnsafeBytes { source in
      ZstdContexts.withDecompressor { context in
        ZSTD_decompressDCtx(
          context, target.baseAddress, target.count, source.baseAddress, source.count)
      }
    }
    guard let size, ZSTD_isError(size) == 0, size == target.count else {
      throw .malformedChunk("zstd cannot read it")
    }
  }
}
