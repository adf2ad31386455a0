import SternaBase

/// One number for all rows; it stands in the descriptor, the chunk is empty.
///
///     parameter   the number, zigzag (bits: 0 or 1)
enum ConstantEncoding {
  static func encode(_ number: Int64) -> EncodedNode {
    EncodedNode(.constant, parameters: [ZigZag.encode(number)])
  }

  static func decode<Word: SlotWord>(
    _ node: EncodedNode, into slots: UnsafeMutableBufferPointer<Word>
  ) throws(SternaError) {
    guard node.byteCount == 0 else { throw .malformedChunk("a constant with \(node.byteCount) bytes") }
    slots.update(repeating: Word(truncatingIfNeeded: ZigZag.decode(node.parameters[0])))
  }
}
