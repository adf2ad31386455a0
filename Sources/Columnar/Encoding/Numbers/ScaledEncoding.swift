import CKernels
import SternaBase

/// Numbers that differ by multiples of a common divisor: times in milliseconds kept as nanoseconds,
/// prices in cents, round lots. Twenty bits of each such nanosecond are nothing but zeros in disguise.
///
///     parameters   base zigzag | divisor
///     child        quotients
///
///     number[i] = base + divisor * quotient[i]
enum ScaledEncoding {
  /// The quotients of numbers that all share a divisor above 1 with the first, or nil.
  static func quotients(of numbers: UnsafeBufferPointer<Int64>) -> (divisor: Int64, quotients: [Int64])? {
    guard numbers.count > 1 else { return nil }
    let base = numbers[0]
    let step = max(1, numbers.count / 256)
    var divisor: UInt64 = 0
    for index in Swift.stride(from: 0, to: numbers.count, by: step) {
      let (distance, overflow) = numbers[index].subtractingReportingOverflow(base)
      if overflow { return nil }
      divisor = greatestCommonDivisor(divisor, distance.magnitude)
      // Neighbours too: samples of a ramp have the sampling's step in common.
      let neighbour = numbers[max(index - 1, 0)]
      divisor = greatestCommonDivisor(divisor, (numbers[index] &- neighbour).magnitude)
      if divisor == 1 { return nil }
    }
    guard divisor > 1, let signed = Int64(exactly: divisor) else { return nil }
    return divided(numbers, by: signed, from: base).map { (signed, $0) }
  }

  /// Exact quotients by multiplication with the inverse of the divisor's odd part modulo 2^64, many times
  /// faster than division. What it does not divide gives a quotient out of the range of the others.
  private static func divided(
    _ numbers: UnsafeBufferPointer<Int64>, by divisor: Int64, from base: Int64
  ) -> [Int64]? {
    let bounds = numbers.bounds
    let (lowest, underflow) = bounds.smallest.subtractingReportingOverflow(base)
    let (highest, overflow) = bounds.largest.subtractingReportingOverflow(base)
    guard !underflow, !overflow, let first = numbers.baseAddress else { return nil }
    let zeros = divisor.trailingZeroBitCount
    let inverse = inverse(of: UInt64(divisor) >> UInt64(zeros))
    var isExact: Int32 = 0
    let quotients = [Int64](unsafeUninitializedCapacity: numbers.count) { quotients, count in
      isExact = sterna_divide(
        first, numbers.count, base, inverse, UInt32(zeros), lowest / divisor, highest / divisor,
        quotients.baseAddress)
      count = numbers.count
    }
    return isExact == 1 ? quotients : nil
  }

  /// By which an odd number gives 1 modulo 2^64 (Newton's method doubles the right bits each time).
  private static func inverse(of odd: UInt64) -> UInt64 {
    var inverse = odd
    for _ in 0..<5 { inverse = inverse &* (2 &- odd &* inverse) }
    return inverse
  }

  static func node(base: Int64, divisor: Int64, quotients: EncodedNode) -> EncodedNode {
    EncodedNode(.scaled, parameters: [ZigZag.encode(base), UInt64(divisor)], children: [quotients])
  }

  /// What the quotients are multiplied with, and what is added to them.
  struct Line<Word: SlotWord> {
    let base: Word
    let divisor: Word

    init(of node: EncodedNode) {
      base = Word(truncatingIfNeeded: ZigZag.decode(node.parameters[0]))
      divisor = Word(truncatingIfNeeded: node.parameters[1])
    }

    func apply(to slots: UnsafeMutableBufferPointer<Word>) {
      if let numbers = slots.words64 {
        return sterna_scale(
          numbers, slots.count, UInt64(truncatingIfNeeded: base), UInt64(truncatingIfNeeded: divisor))
      }
      var index = 0
      while index < slots.count {
        slots[index] = base &+ slots[index] &* divisor
        index += 1
      }
    }
  }

  private static func greatestCommonDivisor(_ left: UInt64, _ right: UInt64) -> UInt64 {
    var (left, right) = (left, right)
    while right != 0 { (left, right) = (right, left % right) }
    return left
  }
}
