import CKernels
import SternaBase

/// Where a vector of narrow slots is unpacked before it is narrowed; 64-bit slots are unpacked in place.
struct VectorScratch {
  private var numbers: [UInt64] = []

  /// - Precondition: `packed` has `BitPacking.byteCount(of: slots.count, width: width)` bytes.
  mutating func unpack<Word: SlotWord>(
    _ packed: Bytes, width: Int, adding reference: UInt64, into slots: UnsafeMutableBufferPointer<Word>
  ) {
    if Word.self == UInt64.self {
      let wide = UnsafeMutableRawBufferPointer(slots).assumingMemoryBound(to: UInt64.self)
      packed.withUnsafeBytes { BitPacking.unpack($0, width: width, adding: reference, into: wide) }
      return
    }
    if width > 0, slots.count == BitPacking.vectorCount, let narrow = slots.words32 {
      return packed.withUnsafeBytes {
        sterna_unpack_32($0.baseAddress, UInt32(width), reference, narrow)
      }
    }
    if numbers.isEmpty { numbers = [UInt64](repeating: 0, count: BitPacking.vectorCount) }
    numbers.withUnsafeMutableBufferPointer { all in
      let wide = UnsafeMutableBufferPointer(rebasing: all[..<slots.count])
      packed.withUnsafeBytes { BitPacking.unpack($0, width: width, adding: reference, into: wide) }
      var index = 0
      while index < slots.count {
        slots[index] = Word(truncatingIfNeeded: wide[index])
        index += 1
      }
    }
  }
}
