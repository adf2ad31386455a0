import SternaBase

/// Decodes the subtree of a run of numbers into their final place.
enum NumberDecoder {
  /// Fills all of `slots`, or throws; `payload` is left behind the bytes of the subtree.
  static func decode<Word: SlotWord>(
    _ node: EncodedNode, _ payload: inout ByteReader, into slots: UnsafeMutableBufferPointer<Word>
  ) throws(SternaError) {
    var steps = VectorSteps<Word>()
    try decode(node, &payload, into: slots, then: &steps)
  }

  /// As above, and takes the steps of the encodings around this one with each vector.
  static func decode<Word: SlotWord>(
    _ node: EncodedNode, _ payload: inout ByteReader, into slots: UnsafeMutableBufferPointer<Word>,
    then steps: inout VectorSteps<Word>
  ) throws(SternaError) {
    let own = try payload.readRaw(node.byteCount)
    switch node.encoding {
    case .plain: try PlainEncoding.decode(own, into: slots, then: &steps)
    case .constant: try ConstantEncoding.decode(node, into: slots, then: &steps)
    case .frameOfReference: try FrameOfReferenceEncoding.decode(own, into: slots, then: &steps)
    case .delta: try DeltaEncoding.decode(own, into: slots, then: &steps)
    case .scaled:
      steps.append(.scaled(ScaledEncoding.Line(of: node)))
      try decode(node.children[0], &payload, into: slots, then: &steps)
    case .planes: try PlanesEncoding.decode(node, own, into: slots, then: &steps)
    case .differences:
      steps.append(.summed(DifferencesEncoding.start(of: node)))
      try decode(node.children[0], &payload, into: slots, then: &steps)
    case .patched:
      try PatchedEncoding.decode(node, &payload, into: slots)
      steps.apply(to: slots)
    case .runs:
      try RunsEncoding.decode(node, &payload, into: slots)
      steps.apply(to: slots)
    case .split: try SplitEncoding.decode(node, &payload, into: slots, then: &steps)
    case .dyadic: try DyadicEncoding.decode(node, &payload, into: slots, then: &steps)
    case .lookup: try LookupEncoding.decode(node, &payload, into: slots, then: &steps)
    case .decimal:
      try DecimalEncoding.decode(node, &payload, into: slots)
      steps.apply(to: slots)
    case .zstd:
      var inner = ByteReader(try ZstdEncoding.decompress(own, node), subject: payload.subject)
      try decode(node.children[0], &inner, into: slots, then: &steps)
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
