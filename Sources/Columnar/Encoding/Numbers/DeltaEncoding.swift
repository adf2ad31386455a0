import CKernels
import SternaBase

/// Numbers as the distance of each difference of neighbours from the smallest one of the vector.
///
///     vector   width u8 | smallest difference zigzag varint | start zigzag varint | packed distances
///     chunk    [vector] [vector] ... [the last, shorter vector]
///
///     number[i] = number[i - 1] + smallest difference + distance[i],   number[-1] = start
///
/// The start is chosen so that the first distance is 0: vectors do not depend on each other.
enum DeltaEncoding {
  static func encode(
    _ numbers: UnsafeBufferPointer<Int64>, into target: inout GrowableBytes
  ) -> EncodedNode {
    let begin = target.count
    for vector in numbers.vectors {
      let (smallest, largest) = vector.differenceBounds
      let width = BitPacking.width(of: UInt64(bitPattern: largest &- smallest))
      target.append(UInt8(width))
      target.appendVarint(ZigZag.encode(smallest))
      target.appendVarint(ZigZag.encode(vector[0] &- smallest))
      let packed = target.extend(by: BitPacking.byteCount(of: vector.count, width: width))
      if let first = vector.baseAddress, vector.count == BitPacking.vectorCount, width > 0 {
        sterna_pack_differences(first, smallest, UInt32(width), packed.baseAddress)
      } else {
        let distances = vector.indices.map { index in
          index == 0 ? 0 : UInt64(bitPattern: vector[index] &- vector[index - 1] &- smallest)
        }
        distances.withUnsafeBufferPointer { BitPacking.pack($0, width: width, into: packed) }
      }
    }
    return EncodedNode(.delta, byteCount: target.count - begin)
  }

  static func decode<Word: SlotWord>(
    _ own: Bytes, into slots: UnsafeMutableBufferPointer<Word>,
    then steps: inout VectorSteps<Word>
  ) throws(SternaError) {
    var reader = ByteReader(own, subject: "delta")
    var scratch = VectorScratch()
    for vector in slots.vectors {
      let width = try reader.readBitWidth()
      let smallest = UInt64(bitPattern: try reader.readSignedVarint())
      let start = Word(truncatingIfNeeded: try reader.readSignedVarint())
      let packed = try reader.readRaw(BitPacking.byteCount(of: vector.count, width: width))
      scratch.unpack(packed, width: width, adding: smallest, into: vector)
      _ = PrefixSum.apply(to: vector, start: start)
      steps.apply(to: vector)
    }
    try reader.expectEnd()
  }
}
