import CKernels
import SternaBase

/// Numbers of few distinct values that lie far apart: flags, lot sizes, tick conditions.
///
///     parameter   how many distinct values
///     children    codes | values
///
///     number[i] = values[codes[i]]
enum LookupEncoding {
  static let maximumDistinct = 4_096

  /// The code of each number and the distinct numbers in order of appearance, or nil for too many.
  static func codes(of numbers: UnsafeBufferPointer<Int64>) -> (codes: [Int64], values: [Int64])? {
    guard numbers.count >= 64 else { return nil }
    let limit = min(maximumDistinct, numbers.count / 8)
    var table = NumberTable(distinctCount: limit)
    var isWorthwhile = true
    let codes = [Int64](unsafeUninitializedCapacity: numbers.count) { codes, count in
      for index in 0..<numbers.count {
        codes[index] = table.code(for: numbers[index])
        if table.values.count > limit {
          isWorthwhile = false
          return
        }
      }
      count = numbers.count
    }
    guard isWorthwhile else { return nil }
    return (codes, table.values)
  }

  static func node(distinctCount: Int, codes: EncodedNode, values: EncodedNode) -> EncodedNode {
    EncodedNode(.lookup, parameters: [UInt64(distinctCount)], children: [codes, values])
  }

  static func decode<Word: SlotWord>(
    _ node: EncodedNode, _ payload: inout ByteReader, into slots: UnsafeMutableBufferPointer<Word>,
    then steps: inout VectorSteps<Word>
  ) throws(SternaError) {
    guard let distinctCount = Int(exactly: node.parameters[0]), distinctCount <= max(slots.count, 1) else {
      throw .malformedChunk("\(node.parameters[0]) distinct values of \(slots.count)")
    }
    // The values lie behind the codes, which are decoded to where the numbers will be.
    var codes = ByteReader(
      try payload.readRaw(node.children[0].totalByteCount), subject: payload.subject)
    let values = try NumberDecoder.array(Word.self, node.children[1], &payload, count: distinctCount)
    steps.append(.lookedUp(values))
    try NumberDecoder.decode(node.children[0], &codes, into: slots, then: &steps)
    try codes.expectEnd()
    guard steps.areCodesValid else { throw .malformedChunk("a code out of range") }
  }

  /// Puts the value of each code in its place; false when a code has none.
  static func replaceCodes<Word: SlotWord>(
    in slots: UnsafeMutableBufferPointer<Word>, by values: UnsafeBufferPointer<Word>
  ) -> Bool {
    if let numbers = slots.words64 {
      return values.withMemoryRebound(to: UInt64.self) {
        sterna_look_up(numbers, slots.count, $0.baseAddress, $0.count) == 1
      }
    }
    if let numbers = slots.words32 {
      return values.withMemoryRebound(to: UInt32.self) {
        sterna_look_up_32(numbers, slots.count, $0.baseAddress, $0.count) == 1
      }
    }
    var largest: Word = 0
    var index = 0
    while index < slots.count {
      largest = slots[index] > largest ? slots[index] : largest
      index += 1
    }
    guard largest < values.count else { return false }
    index = 0
    while index < slots.count {
      slots[index] = values[Int(truncatingIfNeeded: slots[index])]
      index += 1
    }
    return true
  }
}

/// Gives equal numbers the same code; open addressing, never more than half full.
private struct NumberTable {
  private(set) var values: [Int64] = []
  private var slots: [Int32]

  /// - Precondition: no more than this many distinct numbers, and one more, are looked up.
  init(distinctCount: Int) {
    slots = [Int32](repeating: -1, count: 4 << BitPacking.width(of: UInt64(distinctCount)))
  }

  mutating func code(for number: Int64) -> Int64 {
    let product = UInt64(bitPattern: number) &* 0x9E37_79B9_7F4A_7C15
    var slot = Int(truncatingIfNeeded: product >> 40) & (slots.count - 1)
    while slots[slot] >= 0 {
      if values[Int(slots[slot])] == number { return Int64(slots[slot]) }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = Int32(values.count)
    values.append(number)
    return Int64(values.count - 1)
  }
}
