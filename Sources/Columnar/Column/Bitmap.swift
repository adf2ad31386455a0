import SternaBase

/// A run of bits, least significant bit first (Arrow's layout), that may start in the middle of a byte.
public struct Bitmap: Sendable {
  let bytes: Bytes
  let bitOffset: Int
  public let count: Int

  /// - Precondition: `bytes` hold `bitOffset + count` bits.
  package init(bytes: Bytes, bitOffset: Int = 0, count: Int) {
    precondition(bitOffset >= 0 && count >= 0 && (bitOffset + count + 7) / 8 <= bytes.count)
    self.bytes = bytes
    self.bitOffset = bitOffset
    self.count = count
  }

  public init(_ bits: some Collection<Bool>) {
    var packed = [UInt8](repeating: 0, count: (bits.count + 7) / 8)
    for (index, bit) in bits.enumerated() where bit { packed[index >> 3] |= 1 << UInt8(index & 7) }
    self.init(bytes: Bytes(packed), count: bits.count)
  }

  public subscript(index: Int) -> Bool {
    precondition(index >= 0 && index < count, "bit out of bounds")
    let position = bitOffset + index
    return bytes[position >> 3] & (1 << UInt8(position & 7)) != 0
  }

  public subscript(range: Range<Int>) -> Bitmap {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "slice out of bounds")
    return Bitmap(bytes: bytes, bitOffset: bitOffset + range.lowerBound, count: range.count)
  }

  /// How many bits are set.
  public var setCount: Int {
    bytes.withUnsafeBytes { raw in
      var total = 0
      var position = bitOffset
      let end = bitOffset + count
      while position < end, position & 7 != 0 {
        total += Int(raw[position >> 3] >> UInt8(position & 7) & 1)
        position += 1
      }
      while position + 8 <= end {
        total += raw[position >> 3].nonzeroBitCount
        position += 8
      }
      while position < end {
        total += Int(raw[position >> 3] >> UInt8(position & 7) & 1)
        position += 1
      }
      return total
    }
  }

  /// The same bits starting at the first bit of a byte; the bits behind the last are zero.
  public var aligned: Bytes {
    let byteCount = (count + 7) / 8
    return bytes.withUnsafeBytes { raw in
      Bytes(count: byteCount) { out in
        let first = bitOffset >> 3
        let shift = UInt8(bitOffset & 7)
        for index in 0..<byteCount {
          var byte = raw[first + index] >> shift
          if shift != 0, first + index + 1 < raw.count { byte |= raw[first + index + 1] << (8 - shift) }
          out[index] = byte
        }
        if count & 7 != 0 { out[byteCount - 1] &= (1 << UInt8(count & 7)) - 1 }
      }
    }
  }
}

extension Bitmap: Equatable {
  public static func == (left: Bitmap, right: Bitmap) -> Bool {
    left.count == right.count && left.aligned == right.aligned
  }
}
