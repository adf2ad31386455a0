import CKernels

/// Packs vectors of 1,024 numbers of the same bit width.
///
/// A full vector lies in 16 lanes, so that one instruction works on 8 numbers whatever the width:
///
///     number  0  1 ... 15 | 16 17 ... 31 | ...      lane l holds numbers l, l + 16, l + 32, ...,
///     lane    0  1 ... 15 |  0  1 ... 15 |          low bits first, in `width` 64-bit words
///
///     memory  word 0 of lanes 0...15, word 1 of lanes 0...15, ..., word width-1 of lanes 0...15
///
/// The last, shorter vector of a run is packed number after number, low bits first, so that few numbers
/// take few bytes. Either way n numbers take ceil(n * width / 8) bytes.
enum BitPacking {
  static let vectorCount = 1_024
  static let laneCount = 16
  private static let numbersPerLane = 64
  /// The bytes from one word of a lane to its next.
  private static let wordStride = laneCount * 8

  static func byteCount(of count: Int, width: Int) -> Int { (count * width + 7) / 8 }

  /// The bits that a number needs.
  static func width(of largest: UInt64) -> Int { 64 - largest.leadingZeroBitCount }

  static func mask(_ width: Int) -> UInt64 { width == 64 ? .max : (1 << UInt64(width)) - 1 }

  /// Packs numbers below `2^width` into `packed`, which has `byteCount(of:width:)` bytes.
  static func pack(
    _ numbers: UnsafeBufferPointer<UInt64>, width: Int, into packed: UnsafeMutableRawBufferPointer
  ) {
    guard width > 0, let source = numbers.baseAddress, let target = packed.baseAddress else { return }
    if numbers.count == vectorCount {
      packLanes(source, width: width, into: target)
    } else {
      packSequence(numbers, width: width, into: packed)
    }
  }

  /// Unpacks `numbers.count` numbers and adds `reference` to each.
  /// - Precondition: `packed` has `byteCount(of:width:)` bytes, `width` is at most 64.
  static func unpack(
    _ packed: UnsafeRawBufferPointer, width: Int, adding reference: UInt64,
    into numbers: UnsafeMutableBufferPointer<UInt64>
  ) {
    guard width > 0, let source = packed.baseAddress, let target = numbers.baseAddress else {
      numbers.update(repeating: reference)
      return
    }
    if numbers.count == vectorCount {
      sterna_unpack(source, UInt32(width), reference, target)
    } else {
      unpackSequence(packed, width: width, adding: reference, into: numbers)
    }
  }

  private static func packLanes(
    _ numbers: UnsafePointer<UInt64>, width: Int, into packed: UnsafeMutableRawPointer
  ) {
    let source = UnsafeRawPointer(numbers)
    for half in 0..<2 {
      var target = half * 64
      var filling = SIMD8<UInt64>()
      var used = 0
      var row = 0
      while row < numbersPerLane {
        let next = source.loadUnaligned(
          fromByteOffset: row * wordStride + half * 64, as: SIMD8<UInt64>.self)
        filling |= next &<< UInt64(truncatingIfNeeded: used)
        used += width
        if used >= 64 {
          packed.storeBytes(of: filling, toByteOffset: target, as: SIMD8<UInt64>.self)
          target += wordStride
          used -= 64
          filling = used == 0 ? SIMD8() : next &>> UInt64(truncatingIfNeeded: width - used)
        }
        row += 1
      }
    }
  }

  private static func packSequence(
    _ numbers: UnsafeBufferPointer<UInt64>, width: Int, into packed: UnsafeMutableRawBufferPointer
  ) {
    var filling: UInt64 = 0
    var (used, offset) = (0, 0)
    for number in numbers {
      filling |= number &<< UInt64(truncatingIfNeeded: used)
      used += width
      guard used >= 64 else { continue }
      packed.storeBytes(of: filling.littleEndian, toByteOffset: offset, as: UInt64.self)
      offset += 8
      used -= 64
      filling = used == 0 ? 0 : number &>> UInt64(truncatingIfNeeded: width - used)
    }
    while used > 0 {
      packed[offset] = UInt8(truncatingIfNeeded: filling)
      offset += 1
      used -= 8
      filling >>= 8
    }
  }

  private static func unpackSequence(
    _ packed: UnsafeRawBufferPointer, width: Int, adding reference: UInt64,
    into numbers: UnsafeMutableBufferPointer<UInt64>
  ) {
    let mask = mask(width)
    for index in 0..<numbers.count {
      let bit = index * width
      let first = bit >> 3
      let shift = UInt64(bit & 7)
      var value: UInt64 = 0
      if first + 9 <= packed.count {
        value = UInt64(littleEndian: packed.loadUnaligned(fromByteOffset: first, as: UInt64.self)) >> shift
        if shift > 0 { value |= UInt64(packed[first + 8]) << (64 - shift) }
      } else {
        for byte in first..<packed.count {
          let position = UInt64(byte - first) * 8
          value |=
            position >= shift
            ? UInt64(packed[byte]) << (position - shift) : UInt64(packed[byte]) >> (shift - position)
        }
      }
      numbers[index] = (value & mask) &+ reference
    }
  }
}
