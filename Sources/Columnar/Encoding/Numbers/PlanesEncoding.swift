import CKernels
import SternaBase

/// Numbers as their distance from the smallest, byte by byte: all lowest bytes, then all next ones, and
/// so on. Not small by itself, but zstd finds in a byte a number what bit packing hides from it: repeated
/// stretches and frequent values. (Byte-stream split, as in Parquet's BYTE_STREAM_SPLIT, with a base.)
///
///     parameters   plane count, 1 to 8 | base zigzag
///     bytes        [lowest byte of each number] [next byte of each number] ...
///
///     number[i] = base + sum of plane[k][i] << 8 k
enum PlanesEncoding {
  static let maximumCount = 8

  static func encode(
    _ numbers: UnsafeBufferPointer<Int64>, into target: inout GrowableBytes
  ) -> EncodedNode {
    let (smallest, largest) = numbers.bounds
    let width = BitPacking.width(of: UInt64(bitPattern: largest &- smallest))
    let planeCount = max(1, (width + 7) / 8)
    let planes = target.extend(by: numbers.count * planeCount)
    if let first = numbers.baseAddress, let bytes = planes.baseAddress {
      for plane in 0..<planeCount {
        let target = (bytes + plane * numbers.count).assumingMemoryBound(to: UInt8.self)
        sterna_plane(first, numbers.count, smallest, UInt32(plane * 8), target)
      }
    }
    return EncodedNode(
      .planes, byteCount: planes.count, parameters: [UInt64(planeCount), ZigZag.encode(smallest)])
  }

  static func decode<Word: SlotWord>(
    _ node: EncodedNode, _ own: Bytes, into slots: UnsafeMutableBufferPointer<Word>,
    then steps: inout VectorSteps<Word>
  ) throws(SternaError) {
    guard (1...UInt64(maximumCount)).contains(node.parameters[0]) else {
      throw .malformedChunk("\(node.parameters[0]) planes")
    }
    let planeCount = Int(node.parameters[0])
    guard own.count == slots.count * planeCount else {
      throw .malformedChunk("\(own.count) bytes for \(slots.count) numbers in \(planeCount) planes")
    }
    let base = Word(truncatingIfNeeded: ZigZag.decode(node.parameters[1]))
    own.withUnsafeBytes { raw in
      let bytes = raw.assumingMemoryBound(to: UInt8.self)
      // All planes of a vector before the next one, while its numbers are in the cache.
      var start = 0
      while start < slots.count {
        let end = min(start + BitPacking.vectorCount, slots.count)
        let vector = UnsafeMutableBufferPointer(rebasing: slots[start..<end])
        for plane in 0..<min(planeCount, MemoryLayout<Word>.size) {
          let first = plane * slots.count
          let values = UnsafeBufferPointer(rebasing: bytes[(first + start)..<(first + end)])
          if plane == 0 {
            widen(values, base: base, into: vector)
          } else {
            add(values, shift: Word(truncatingIfNeeded: plane * 8), to: vector)
          }
        }
        steps.apply(to: vector)
        start = end
      }
    }
  }

  private static func widen<Word: SlotWord>(
    _ bytes: UnsafeBufferPointer<UInt8>, base: Word, into slots: UnsafeMutableBufferPointer<Word>
  ) {
    if let numbers = slots.words64 {
      return sterna_first_plane(bytes.baseAddress, slots.count, UInt64(truncatingIfNeeded: base), numbers)
    }
    var index = 0
    while index < slots.count {
      slots[index] = base &+ Word(truncatingIfNeeded: bytes[index])
      index += 1
    }
  }

  /// Sums, because the base has carried into the higher bytes already.
  private static func add<Word: SlotWord>(
    _ bytes: UnsafeBufferPointer<UInt8>, shift: Word, to slots: UnsafeMutableBufferPointer<Word>
  ) {
    if let numbers = slots.words64 {
      return sterna_next_plane(bytes.baseAddress, slots.count, UInt32(shift), numbers)
    }
    var index = 0
    while index < slots.count {
      slots[index] = slots[index] &+ Word(truncatingIfNeeded: bytes[index]) &<< shift
      index += 1
    }
  }
}
