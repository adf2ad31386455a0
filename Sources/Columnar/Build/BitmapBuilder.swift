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
