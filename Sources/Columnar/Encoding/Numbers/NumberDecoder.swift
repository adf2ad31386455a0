import SternaBase

/// Decodes the subtree of a run of numbers into their final place.
enum NumberDecoder {
  /// Fills all of `slots`, or throws; `payload` is left behind the bytes of the subtree.
  static func decode<Word: SlotWord>(
    _ node: EncodedNode, _ payload: inout ByteReader, into slots: UnsafeMutableBufferPointer<Word>
  ) throws(SternaError) {
    let own = try payload.readRaw(node.byteCount)
    switch node.encoding {
    case .plain: try PlainEncoding.decode(own, into: slots)
    case .constant: try ConstantEncoding.decode(node, into: slots)
    case .frameOfReference: try FrameOfReferenceEncoding.decode(own, into: slots)
    case .delta: try DeltaEncoding.decode(own, into: slots)
    case .scaled:
      try decode(node.children[0], &payload, into: slots)
      ScaledEncoding.apply(node, to: slots)
    case .planes: try PlanesEncoding.decode(node, own, into: slots)
    case .differences:
      try decode(node.children[0], &payload, into: slots)
      DifferencesEncoding.apply(node, to: slots)
    case .patched: try PatchedEncoding.decode(node, &payload, into: slots)
    case .runs: try RunsEncoding.decode(node, &payload, into: slots)
    case .split: try SplitEncoding.decode(node, &payload, into: slots)
    case .dyadic: try DyadicEncoding.decode(node, &payload, into: slots)
    case .lookup: try LookupEncoding.decode(node, &payload, into: slots)
    case .decimal: try DecimalEncoding.decode(node, &payload, into: slots)
    case .zstd:
      var inner = ByteReader(try ZstdEncoding.decompress(own, node), subject: payload.subject)
      try decode(node.children[0], &inner, into: slots)
      try inner.expectEnd()
    case .bitmap, .variable, .dictionary, .nullable, .pattern:
      throw .malformedChunk("encoding \(node.encoding.name) where numbers are expected")
    }
  }

  /// The numbers as an array, for the small parts of a chunk.
  static func array<Word: SlotWord>(
    _ word: Word.Type, _ node: EncodedNode, _ payload: inout ByteReader, count: Int
  ) throws(SternaError) -> [Word] {
    var failure: SternaError?
    let numbers = [Word](unsafeUninitializedCapacity: count) { buffer, initialized in
      do throws(SternaError) {
        try decode(node, &payload, into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
        initialized = count
      } catch { failure = error }
    }
    if let failure { throw failure }
    return numbers
  }
}
