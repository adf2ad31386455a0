import CKernels
import TestSupport
import Testing

@testable import Columnar

/// The kernels in C against the same in a few lines of Swift, with numbers of every size.
@Suite struct KernelTests {
  private static let counts = [1, 2, 7, 8, 9, 15, 16, 17, 100, 1_023, 1_024, 1_025]

  private func numbers(_ count: Int, width: Int, _ random: inout SeededGenerator) -> [Int64] {
    (0..<count).map { _ in Int64(bitPattern: random.next() & BitPacking.mask(width)) &- 5 }
  }

  @Test(arguments: [0, 1, 7, 31, 32, 53, 63, 64])
  func boundsAreThoseOfAPlainLoop(width: Int) {
    var random = SeededGenerator(seed: UInt64(width))
    for count in Self.counts {
      let numbers = numbers(count, width: width, &random)
      let bounds = numbers.withUnsafeBufferPointer { $0.bounds }
      #expect(bounds.smallest == numbers.min() && bounds.largest == numbers.max())
      let differences = zip(numbers.dropFirst(), numbers).map { $0 &- $1 }
      let between = numbers.withUnsafeBufferPointer { $0.differenceBounds }
      #expect(between.smallest == differences.min() ?? 0 && between.largest == differences.max() ?? 0)
    }
  }

  @Test func boundsOfDoublesLeaveOutNaN() {
    var random = SeededGenerator(seed: 3)
    for count in Self.counts {
      let doubles = (0..<count).map { row in
        random.next() % 5 == 0
          ? Double.nan : Double(Int64(bitPattern: random.next()) >> 40) / Double(row + 1)
      }
      let present = doubles.filter { !$0.isNaN }
      var (smallest, largest) = (0.0, 0.0)
      sterna_double_bounds(doubles, count, &smallest, &largest)
      #expect(smallest == present.min() ?? .infinity && largest == present.max() ?? -.infinity)
    }
  }

  @Test(arguments: 1...64)
  func vectorsArePackedAsBitPackingPacksThem(width: Int) {
    var random = SeededGenerator(seed: UInt64(width))
    let distances = (0..<BitPacking.vectorCount).map {
      $0 == 0 ? 0 : random.next() & BitPacking.mask(width)
    }
    var (expected, packed) = (
      [UInt8](repeating: 1, count: width * 128), [UInt8](repeating: 2, count: width * 128)
    )
    expected.withUnsafeMutableBytes { target in
      distances.withUnsafeBufferPointer { BitPacking.pack($0, width: width, into: target) }
    }
    let numbers = distances.map { Int64(bitPattern: $0) &- 77 }
    sterna_pack_distances(numbers, -77, UInt32(width), &packed)
    #expect(packed == expected)
    var sum: Int64 = 9
    let sums = distances.map { distance in
      sum = sum &+ Int64(bitPattern: distance) &- 12
      return sum
    }
    packed = [UInt8](repeating: 3, count: width * 128)
    sterna_pack_differences(sums, -12, UInt32(width), &packed)
    #expect(packed == expected)
  }

  @Test func planesAreTheBytesOfDistances() {
    var random = SeededGenerator(seed: 4)
    for count in Self.counts {
      let numbers = numbers(count, width: 64, &random)
      for shift in stride(from: 0, to: 64, by: 8) {
        var bytes = [UInt8](repeating: 0, count: count)
        sterna_plane(numbers, count, 17, UInt32(shift), &bytes)
        #expect(
          bytes == numbers.map { UInt8(truncatingIfNeeded: UInt64(bitPattern: $0 &- 17) >> UInt64(shift)) })
      }
    }
  }

  @Test(arguments: [2, 3, 8, 100, 1_000_000, 1 << 40, 3_600_000_000_000] as [Int64])
  func quotientsAreExactOrThereAreNone(divisor: Int64) {
    var random = SeededGenerator(seed: UInt64(divisor))
    for count in Self.counts where count > 8 {
      let quotients = (0..<count).map { _ in Int64(bitPattern: random.next()) >> 44 }
      var numbers = quotients.map { $0 &* divisor &+ 31 }
      let scaled = numbers.withUnsafeBufferPointer { ScaledEncoding.quotients(of: $0) }
      #expect(
        scaled.map { result in numbers == result.quotients.map { numbers[0] &+ $0 &* result.divisor } }
          == true)
      #expect(scaled.map { $0.divisor % divisor == 0 } == true)
      // One number that the divisor does not divide, wherever the samples do not look.
      numbers[count - 2] &+= 1
      let spoiled = numbers.withUnsafeBufferPointer { ScaledEncoding.quotients(of: $0) }
      #expect(
        spoiled.map { result in numbers == result.quotients.map { numbers[0] &+ $0 &* result.divisor } }
          ?? true)
    }
  }

  @Test func differencesThatOverflowHaveNoQuotients() {
    let numbers = (0..<64).map { $0 % 2 == 0 ? Int64.min : .max - 1 }
    #expect(numbers.withUnsafeBufferPointer { ScaledEncoding.quotients(of: $0) == nil })
  }

  /// Numbers of all sizes below a limit.
  private static func numbers(_ count: Int, below limit: UInt64, seed: UInt64) -> [UInt64] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in (random.next() % limit) >> (random.next() % 50) }
  }

  @Test(arguments: [10, 99_999_999, 100_000_000, 9_999_999_999_999_999, .max] as [UInt64])
  func digitsAreCountedAsStringsHaveThem(limit: UInt64) {
    for count in Self.counts {
      let numbers = Self.numbers(count, below: limit, seed: limit)
      #expect(
        sterna_decimal_digits(numbers, count) == numbers.reduce(0) { $0 + String($1).utf8.count })
    }
    #expect(sterna_decimal_digits([.max, 10_000_000_000_000_000_000, 9_999_999_999_999_999_999], 3) == 59)
  }
}
