import SternaBase

extension UnsafeBufferPointer {
  /// The runs of 1,024 elements, the last one shorter.
  var vectors: some Sequence<UnsafeBufferPointer<Element>> {
    stride(from: 0, to: count, by: BitPacking.vectorCount).lazy.map { start in
      UnsafeBufferPointer(rebasing: self[start..<Swift.min(start + BitPacking.vectorCount, self.count)])
    }
  }
}

extension UnsafeMutableBufferPointer {
  /// The runs of 1,024 elements, the last one shorter.
  var vectors: some Sequence<UnsafeMutableBufferPointer<Element>> {
    stride(from: 0, to: count, by: BitPacking.vectorCount).lazy.map { start in
      UnsafeMutableBufferPointer(
        rebasing: self[start..<Swift.min(start + BitPacking.vectorCount, self.count)])
    }
  }
}

extension UnsafeBufferPointer<Int64> {
  /// The smallest and the largest number; zeros when there is none.
  var bounds: (smallest: Int64, largest: Int64) {
    guard count > 0 else { return (0, 0) }
    var (smallest, largest) = (self[0], self[0])
    var index = 1
    while index < count {
      let number = self[index]
      smallest = number < smallest ? number : smallest
      largest = number > largest ? number : largest
      index += 1
    }
    return (smallest, largest)
  }

  /// The smallest and the largest wrapping difference of neighbours; zeros for fewer than two numbers.
  var differenceBounds: (smallest: Int64, largest: Int64) {
    guard count > 1 else { return (0, 0) }
    var (smallest, largest) = (self[1] &- self[0], self[1] &- self[0])
    var index = 2
    while index < count {
      let difference = self[index] &- self[index - 1]
      smallest = difference < smallest ? difference : smallest
      largest = difference > largest ? difference : largest
      index += 1
    }
    return (smallest, largest)
  }
}

extension GrowableBytes {
  /// Unsigned LEB128, as `ByteReader.readVarint` reads it.
  mutating func appendVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }

  static func varintByteCount(_ value: UInt64) -> Int { max(1, (BitPacking.width(of: value) + 6) / 7) }

  mutating func appendPacked(_ numbers: [UInt64], count: Int, width: Int) {
    let packed = extend(by: BitPacking.byteCount(of: count, width: width))
    numbers.withUnsafeBufferPointer {
      BitPacking.pack(UnsafeBufferPointer(rebasing: $0[..<count]), width: width, into: packed)
    }
  }
}

extension ByteReader {
  /// A bit width: 0 to 64.
  mutating func readBitWidth() throws(SternaError) -> Int {
    let width: UInt8 = try read()
    guard width <= 64 else { throw malformed("bit width \(width)") }
    return Int(width)
  }
}

extension SternaError {
  /// The bytes of a column chunk are not what their descriptor says.
  static func malformedChunk(_ detail: String) -> SternaError {
    SternaError(
      .corrupt, "malformed column chunk: \(detail)",
      advice: "The object was damaged or not written by Sterna; restore it from a replica or a backup.")
  }
}

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
