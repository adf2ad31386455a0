import SternaBase

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

  /// The first set bit, or nil when none is.
  var firstSetIndex: Int? {
    for start in stride(from: 0, to: count, by: 64) {
      let word = word(at: start)
      if word != 0 { return start + word.trailingZeroBitCount }
    }
    return nil
  }
}
