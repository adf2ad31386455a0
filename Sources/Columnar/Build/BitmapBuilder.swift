import SternaBase

/// Bits appended one by one or in runs, 64 at a time where it matters.
struct BitmapBuilder: ~Copyable {
  private var bytes: GrowableBytes
  /// The bits that do not fill a word yet, low bits first; the others are zero.
  private var pending: UInt64 = 0
  private(set) var count = 0

  init(reserving bitCount: Int = 0) { bytes = GrowableBytes(reserving: (bitCount + 63) / 64 * 8) }

  @inline(__always)
  mutating func append(_ bit: Bool) {
    append(word: bit ? 1 : 0, bitCount: 1)
  }

  /// Appends the low `bitCount` bits of a word.
  @inline(__always)
  mutating func append(word: UInt64, bitCount: Int) {
    guard bitCount > 0 else { return }
    let used = UInt64(truncatingIfNeeded: count & 63)
    let bits = bitCount == 64 ? word : word & ((1 << UInt64(bitCount)) - 1)
    pending |= bits << used
    count += bitCount
    if Int(used) + bitCount >= 64 {
      bytes.append(pending.littleEndian)
      pending = used == 0 ? 0 : bits >> (64 - used)
    }
  }

  mutating func append(repeating bit: Bool, count runLength: Int) {
    var left = runLength
    while left > 0 {
      let step = min(left, 64)
      append(word: bit ? .max : 0, bitCount: step)
      left -= step
    }
  }

  mutating func append(contentsOf bitmap: Bitmap) {
    var position = 0
    while position < bitmap.count {
      let step = min(bitmap.count - position, 64)
      append(word: bitmap.word(at: position), bitCount: step)
      position += step
    }
  }

  /// The bits as a bitmap; the builder starts again with none.
  mutating func take() -> Bitmap {
    let total = count
    withUnsafeBytes(of: pending.littleEndian) {
      bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: $0[..<(((total & 63) + 7) / 8)]))
    }
    pending = 0
    count = 0
    return Bitmap(bytes: bytes.take(), count: total)
  }
}

extension Bitmap {
  /// Up to 64 bits from `index` on, the first in the lowest bit; bits behind the end are zero.
  func word(at index: Int) -> UInt64 {
    let position = bitOffset + index
    let available = min(count - index, 64)
    guard available > 0 else { return 0 }
    return bytes.withUnsafeBytes { raw in
      let first = position >> 3
      let shift = UInt64(position & 7)
      var word: UInt64 = 0
      if first + 8 <= raw.count {
        word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: first, as: UInt64.self)) >> shift
        if shift > 0, first + 8 < raw.count { word |= UInt64(raw[first + 8]) << (64 - shift) }
      } else {
        for index in first..<raw.count { word |= UInt64(raw[index]) << (UInt64(index - first) * 8) }
        word >>= shift
      }
      return available == 64 ? word : word & ((1 << UInt64(available)) - 1)
    }
  }
}
