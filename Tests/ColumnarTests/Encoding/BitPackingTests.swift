import TestSupport
import Testing

@testable import Columnar

@Suite struct BitPackingTests {
  /// Where the format says that bit `bit` of number `index` lies.
  private func position(_ index: Int, _ bit: Int, count: Int, width: Int) -> (byte: Int, bit: Int) {
    guard count == BitPacking.vectorCount else {
      let position = index * width + bit
      return (position / 8, position % 8)
    }
    let (lane, inLane) = (index % 16, index / 16 * width + bit)
    let word = inLane / 64 * 16 + lane
    return (word * 8 + inLane % 64 / 8, inLane % 8)
  }

  private func numbers(_ count: Int, width: Int) -> [UInt64] {
    var random = SeededGenerator(seed: UInt64(width))
    return (0..<count).map { _ in random.next() & BitPacking.mask(width) }
  }

  private func pack(_ numbers: [UInt64], width: Int) -> [UInt8] {
    var packed = [UInt8](repeating: 0xAA, count: BitPacking.byteCount(of: numbers.count, width: width))
    packed.withUnsafeMutableBytes { target in
      numbers.withUnsafeBufferPointer { BitPacking.pack($0, width: width, into: target) }
    }
    return packed
  }

  @Test(arguments: 0...64)
  func everyWidthIsPackedWhereTheFormatSaysAndComesBack(width: Int) {
    for count in [1, 2, 7, 8, 9, 63, 64, 65, 1_000, 1_023, 1_024] {
      let numbers = numbers(count, width: width)
      let packed = pack(numbers, width: width)
      // Every 7th bit: all of them take long in a debug build.
      for bit in stride(from: 0, to: count * width, by: 7) {
        let (byte, inByte) = position(bit / width, bit % width, count: count, width: width)
        #expect(packed[byte] >> UInt8(inByte) & 1 == UInt8(numbers[bit / width] >> UInt64(bit % width) & 1))
      }
      var unpacked = [UInt64](repeating: 1, count: count)
      packed.withUnsafeBytes { source in
        unpacked.withUnsafeMutableBufferPointer {
          BitPacking.unpack(source, width: width, adding: .max, into: $0)
        }
      }
      #expect(unpacked == numbers.map { $0 &- 1 }, "width \(width), \(count) numbers")
    }
  }
}
