import CKernels

/// Running sums, in place.
enum PrefixSum {
  /// - Returns: the last sum.
  static func apply<Word: SlotWord>(to slots: UnsafeMutableBufferPointer<Word>, start: Word) -> Word {
    if let numbers = slots.words64 {
      return Word(
        truncatingIfNeeded: sterna_prefix_sum(numbers, slots.count, UInt64(truncatingIfNeeded: start)))
    }
    return add(slots, to: start)
  }

  /// Four sums at once: a number depends on the fourth before it, not on its neighbour.
  private static func add<Word: SlotWord>(
    _ slots: UnsafeMutableBufferPointer<Word>, to start: Word
  ) -> Word {
    var sum = start
    var index = 0
    while index + 4 <= slots.count {
      let first = slots[index]
      let second = first &+ slots[index + 1]
      let third = slots[index + 2]
      let fourth = third &+ slots[index + 3]
      slots[index] = sum &+ first
      slots[index + 1] = sum &+ second
      slots[index + 2] = sum &+ (second &+ third)
      sum = sum &+ (second &+ fourth)
      slots[index + 3] = sum
      index += 4
    }
    while index < slots.count {
      sum = sum &+ slots[index]
      slots[index] = sum
      index += 1
    }
    return sum
  }
}
