import SternaBase

/// Numbers as they are in memory.
///
///     [v v v v ...]   little-endian, as wide as the column's slots
enum PlainEncoding {
  static func byteCount(of count: Int, slotWidth: Int) -> Int { count * slotWidth }

  static func encode(
    _ numbers: UnsafeBufferPointer<Int64>, slotWidth: Int, into target: inout GrowableBytes
  ) -> EncodedNode {
    let bytes = target.extend(by: numbers.count * slotWidth)
    switch slotWidth {
    case 1: narrow(numbers, into: bytes.assumingMemoryBound(to: UInt8.self))
    case 2: narrow(numbers, into: bytes, as: UInt16.self)
    case 4: narrow(numbers, into: bytes, as: UInt32.self)
    default: bytes.copyMemory(from: UnsafeRawBufferPointer(numbers))
    }
    return EncodedNode(.plain, byteCount: bytes.count)
  }

  static func decode<Word: SlotWord>(
    _ own: Bytes, into slots: UnsafeMutableBufferPointer<Word>,
    then steps: inout VectorSteps<Word>
  ) throws(SternaError) {
    guard own.count == slots.count * MemoryLayout<Word>.size else {
      throw .malformedChunk("\(own.count) bytes for \(slots.count) plain numbers")
    }
    own.withUnsafeBytes { source in
      var start = 0
      for vector in slots.vectors {
        let target = UnsafeMutableRawBufferPointer(vector)
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[start..<(start + target.count)]))
        start += target.count
        steps.apply(to: vector)
      }
    }
  }

  private static func narrow(
    _ numbers: UnsafeBufferPointer<Int64>, into target: UnsafeMutableBufferPointer<UInt8>
  ) {
    for index in 0..<numbers.count { target[index] = UInt8(truncatingIfNeeded: numbers[index]) }
  }

  /// `target` starts at any byte of a chunk, so the stores are unaligned.
  private static func narrow<Word: SlotWord>(
    _ numbers: UnsafeBufferPointer<Int64>, into target: UnsafeMutableRawBufferPointer, as word: Word.Type
  ) {
    for index in 0..<numbers.count {
      target.storeBytes(
        of: Word(truncatingIfNeeded: numbers[index]), toByteOffset: index * MemoryLayout<Word>.size,
        as: Word.self)
    }
  }
}
