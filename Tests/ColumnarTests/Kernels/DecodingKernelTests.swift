import CKernels
import TestSupport
import Testing

@testable import Columnar

/// The kernels that decode, against the same in a line of Swift.
@Suite struct DecodingKernelTests {
  private static let counts = [0, 1, 2, 7, 8, 9, 15, 16, 17, 100, 1_023, 1_024]

  private func words(_ count: Int, seed: UInt64) -> [UInt64] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in random.next() >> (random.next() % 64) }
  }

  @Test(arguments: 1...64)
  func vectorsAreUnpackedAsTheyWerePacked(width: Int) {
    let numbers = words(BitPacking.vectorCount, seed: UInt64(width)).map { $0 & BitPacking.mask(width) }
    var packed = [UInt8](repeating: 0, count: width * 128)
    packed.withUnsafeMutableBytes { target in
      numbers.withUnsafeBufferPointer { BitPacking.pack($0, width: width, into: target) }
    }
    for reference in [0, 7, .max] as [UInt64] {
      var unpacked = [UInt64](repeating: 1, count: BitPacking.vectorCount)
      sterna_unpack(packed, UInt32(width), reference, &unpacked)
      #expect(unpacked == numbers.map { $0 &+ reference })
      var narrow = [UInt32](repeating: 1, count: BitPacking.vectorCount)
      sterna_unpack_32(packed, UInt32(width), reference, &narrow)
      #expect(narrow == unpacked.map { UInt32(truncatingIfNeeded: $0) })
    }
  }

  @Test func prefixSumsAreThoseOfAPlainLoop() {
    for count in Self.counts {
      var numbers = words(count, seed: 5)
      var sum: UInt64 = .max - 10
      let expected = numbers.map { number in
        sum = sum &+ number
        return sum
      }
      #expect(sterna_prefix_sum(&numbers, count, .max - 10) == sum)
      #expect(numbers == expected)
    }
  }

  @Test func numbersAreScaledAndJoined() {
    for count in Self.counts {
      let numbers = words(count, seed: 6)
      var scaled = numbers
      sterna_scale(&scaled, count, 31, 0x9E37_79B9_7F4A_7C15)
      #expect(scaled == numbers.map { 31 &+ $0 &* 0x9E37_79B9_7F4A_7C15 })
      let high = words(count, seed: 7).map { UInt32(truncatingIfNeeded: $0) }
      for shift: UInt64 in [32, 48, 63] {
        var joined = numbers
        sterna_join(&joined, high, count, UInt32(shift))
        #expect(joined == zip(numbers, high).map { $0 | UInt64($1) << shift })
      }
    }
  }

  @Test func codesBecomeValuesUnlessOneHasNone() {
    let values = words(100, seed: 8)
    for count in Self.counts {
      let codes = words(count, seed: 9).map { $0 % 100 }
      var found = codes
      #expect(sterna_look_up(&found, count, values, values.count) == 1)
      #expect(found == codes.map { values[Int($0)] })
      for bad in [100, 1 << 40, .max] as [UInt64] where count > 0 {
        var spoiled = codes
        spoiled[count / 2] = bad
        let before = spoiled
        #expect(sterna_look_up(&spoiled, count, values, values.count) == 0 && spoiled == before)
      }
    }
  }

  @Test func codesOf32BitsBecomeValuesUnlessOneHasNone() {
    let values = words(100, seed: 8).map { UInt32(truncatingIfNeeded: $0) }
    for count in Self.counts {
      let codes = words(count, seed: 9).map { UInt32($0 % 100) }
      var found = codes
      #expect(sterna_look_up_32(&found, count, values, values.count) == 1)
      #expect(found == codes.map { values[Int($0)] })
      for bad in [100, 1 << 31, .max] as [UInt32] where count > 0 {
        var spoiled = codes
        spoiled[count - 1] = bad
        let before = spoiled
        #expect(sterna_look_up_32(&spoiled, count, values, values.count) == 0 && spoiled == before)
      }
    }
  }

  @Test func planesAddUpToNumbers() {
    for count in Self.counts {
      let numbers = words(count, seed: 11)
      var sums = [UInt64](repeating: 1, count: count)
      for shift in stride(from: UInt64(0), to: 64, by: 8) {
        let plane = numbers.map { UInt8(truncatingIfNeeded: $0 >> shift) }
        if shift == 0 {
          sterna_first_plane(plane, count, 99, &sums)
        } else {
          sterna_next_plane(plane, count, UInt32(shift), &sums)
        }
      }
      #expect(sums == numbers.map { $0 &+ 99 })
    }
  }

  /// Bit for bit, and all 64 bits of what is no integer of the range too: any machine reads the same.
  @Test func integersBecomeDoubles() {
    for count in Self.counts {
      let integers = words(count, seed: 10).enumerated().map { row, word in
        row % 7 == 0 ? word : UInt64(bitPattern: Int64(bitPattern: word << 12) >> 13)
      }
      for (up, down) in [(1, 1e-2), (1e3, 1e-14), (1, 1e-18)] as [(Double, Double)] {
        var doubles = integers
        sterna_decimals(&doubles, count, up, down)
        let shifter = 0x1.8p52
        let expected = integers.map { integer in
          ((Double(bitPattern: integer &+ shifter.bitPattern) - shifter) * up * down).bitPattern
        }
        #expect(zip(doubles, expected).allSatisfy { $0 == $1 || Double(bitPattern: $1).isNaN })
      }
      for factor in [1, 0x1p-53, 0x1p-1022] {
        var doubles = integers
        sterna_dyadics(&doubles, count, factor)
        #expect(doubles == integers.map { (Double(Int64(bitPattern: $0)) * factor).bitPattern })
      }
    }
  }
}
