import SternaBase

/// One number for all rows; it stands in the descriptor, the chunk is empty.
///
///     parameter   the number, zigzag (bits: 0 or 1)
enum ConstantEncoding {
  static func encode(_ number: Int64) -> EncodedNode {
    EncodedNode(.constant, parameters: [ZigZag.encode(number)])
  }

  /// Nil when not all numbers are the same one.
  static func encode(_ numbers: UnsafeBufferPointer<Int64>) -> EncodedNode? {
    guard let first = numbers.first, numbers.last == first, numbers.allSatisfy({ $0 == first }) else {
      return nil
    }
    return encode(first)
  }

  static func decode<Word: SlotWord>(
    _ node: EncodedNode, into slots: UnsafeMutableBufferPointer<Word>,
    then steps: inout VectorSteps<Word>
  ) throws(SternaError) {
    guard node.byteCount == 0 else { throw .malformedChunk("a constant with \(node.byteCount) bytes") }
    let word = Word(truncatingIfNeeded: ZigZag.decode(node.parameters[0]))
    for vector in slots.vectors {
      vector.update(repeating: word)
      steps.apply(to: vector)
    }
  }
}
