import CKernels
import SternaBase

/// Numbers as their distance from the smallest of their vector.
///
///     vector   width u8 | smallest zigzag varint | packed distances
///     chunk    [vector] [vector] ... [the last, shorter vector]
///
///     number[i] = smallest + distance[i]
enum FrameOfReferenceEncoding {
  static func encode(
    _ numbers: UnsafeBufferPointer<Int64>, into target: inout GrowableBytes
  ) -> EncodedNode {
    let start = target.count
    for vector in numbers.vectors {
      let (smallest, largest) = vector.bounds
      let width = BitPacking.width(of: UInt64(bitPattern: largest &- smallest))
      target.append(UInt8(width))
      target.appendVarint(ZigZag.encode(smallest))
      let packed = target.extend(by: BitPacking.byteCount(of: vector.count, width: width))
      if let first = vector.baseAddress, vector.count == BitPacking.vectorCount, width > 0 {
        sterna_pack_distances(first, smallest, UInt32(width), packed.baseAddress)
      } else {
        let distances = vector.map { UInt64(bitPattern: $0 &- smallest) }
        distances.withUnsafeBufferPointer { BitPacking.pack($0, width: width, into: packed) }
      }
    }
    return EncodedNode(.frameOfReference, byteCount: target.count - start)
  }

  static func decode<Word: SlotWord>(
    _ own: Bytes, into slots: UnsafeMutableBufferPointer<Word>,
    then steps: inout VectorSteps<Word>
  ) throws(SternaError) {
    var reader = ByteReader(own, subject: "frame of reference")
    var scratch = VectorScratch()
    for vector in slots.vectors {
      let width = try reader.readBitWidth()
      let smallest = UInt64(bitPattern: try reader.readSignedVarint())
      let packed = try reader.readRaw(BitPacking.byteCount(of: vector.count, width: width))
      scratch.unpack(packed, width: width, adding: smallest, into: vector)
      steps.apply(to: vector)
    }
    try reader.expectEnd()
  }
}
