import SternaBase

/// Texts of few distinct values.
///
///     parameter   how many distinct texts
///     children    codes (numbers) | texts (variable)
///
///     text[i] = texts[codes[i]]
enum DictionaryEncoding {
  /// Decodes the codes to where they belong and returns the texts; where all rows are null, codes may be
  /// of no text.
  static func decode(
    _ node: EncodedNode, _ payload: inout ByteReader, codes: UnsafeMutableBufferPointer<UInt32>,
    validity: Bitmap?
  ) throws(SternaError) -> Column {
    guard node.byteCount == 0, node.parameters[0] <= UInt64(codes.count) else {
      throw .malformedChunk("\(node.parameters[0]) distinct texts of \(codes.count)")
    }
    let distinctCount = Int(node.parameters[0])
    try NumberDecoder.decode(node.children[0], &payload, into: codes)
    let texts = try VariableEncoding.decode(
      node.children[1], &payload, count: distinctCount, isText: true
    ).storage()
    guard codes.areAll(below: max(distinctCount, 1)) else { throw .malformedChunk("a code out of range") }
    if distinctCount == 0, codes.count > 0, validity?.setCount != 0 {
      throw .malformedChunk("rows without a text to refer to")
    }
    return Column(
      type: .utf8, count: distinctCount, storage: .variable(offsets: texts.offsets, data: texts.data))
  }

  /// As above, with the codes in memory of their own.
  static func decode(
    _ node: EncodedNode, _ payload: inout ByteReader, count: Int, validity: Bitmap?
  ) throws(SternaError) -> (codes: Bytes, texts: Column) {
    let storage = try ByteStorage(untrustedCount: count * MemoryLayout<UInt32>.size)
    let codes = storage.mutableBytes.assumingMemoryBound(to: UInt32.self)
    let texts = try decode(node, &payload, codes: codes, validity: validity)
    return (Bytes(storage), texts)
  }
}

extension UnsafeMutableBufferPointer<UInt32> {
  /// Whether every number is below a limit of at least 1 and at most 2^31, without a branch a number.
  func areAll(below limit: Int) -> Bool {
    let largest = UInt32(limit - 1)
    // The highest bit is set by a number above 2^31, and by the difference of one above the largest.
    var seen: UInt32 = 0
    for number in self { seen |= (largest &- number) | number }
    return seen >> 31 == 0
  }
}
