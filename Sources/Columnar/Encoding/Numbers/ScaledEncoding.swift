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
    var quotients = [Int64](repeating: 0, count: numbers.count)
    for index in 0..<numbers.count {
      let (distance, overflow) = numbers[index].subtractingReportingOverflow(base)
      let quotient = distance / signed
      if overflow || quotient &* signed != distance { return nil }
      quotients[index] = quotient
    }
    return (signed, quotients)
  }

  static func node(base: Int64, divisor: Int64, quotients: EncodedNode) -> EncodedNode {
    EncodedNode(.scaled, parameters: [ZigZag.encode(base), UInt64(divisor)], children: [quotients])
  }

  static func apply<Word: SlotWord>(_ node: EncodedNode, to slots: UnsafeMutableBufferPointer<Word>) {
    let base = Word(truncatingIfNeeded: ZigZag.decode(node.parameters[0]))
    let divisor = Word(truncatingIfNeeded: node.parameters[1])
    var index = 0
    while index < slots.count {
      slots[index] = base &+ slots[index] &* divisor
      index += 1
    }
  }

  private static func greatestCommonDivisor(_ left: UInt64, _ right: UInt64) -> UInt64 {
    var (left, right) = (left, right)
    while right != 0 { (left, right) = (right, left % right) }
    return left
  }
}
