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
    var table = NumberTable()
    var codes = [Int64](repeating: 0, count: numbers.count)
    for index in 0..<numbers.count {
      codes[index] = table.code(for: numbers[index])
      if table.values.count > limit { return nil }
    }
    return (codes, table.values)
  }

  static func node(distinctCount: Int, codes: EncodedNode, values: EncodedNode) -> EncodedNode {
    EncodedNode(.lookup, parameters: [UInt64(distinctCount)], children: [codes, values])
  }

  static func decode<Word: SlotWord>(
    _ node: EncodedNode, _ payload: inout ByteReader, into slots: UnsafeMutableBufferPointer<Word>
  ) throws(SternaError) {
    guard let distinctCount = Int(exactly: node.parameters[0]), distinctCount <= max(slots.count, 1) else {
      throw .malformedChunk("\(node.parameters[0]) distinct values of \(slots.count)")
    }
    let codes = try NumberDecoder.array(UInt32.self, node.children[0], &payload, count: slots.count)
    let values = try NumberDecoder.array(Word.self, node.children[1], &payload, count: distinctCount)
    guard codes.allSatisfy({ $0 < distinctCount }) else { throw .malformedChunk("a code out of range") }
    for (index, code) in codes.enumerated() { slots[index] = values[Int(code)] }
  }
}

/// Gives equal numbers the same code; open addressing, never more than half full.
private struct NumberTable {
  private(set) var values: [Int64] = []
  private var slots = [Int32](repeating: -1, count: LookupEncoding.maximumDistinct * 4)

  mutating func code(for number: Int64) -> Int64 {
    let product = UInt64(bitPattern: number) &* 0x9E37_79B9_7F4A_7C15
    var slot = Int(product >> 32) & (slots.count - 1)
    while slots[slot] >= 0 {
      if values[Int(slots[slot])] == number { return Int64(slots[slot]) }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = Int32(values.count)
    values.append(number)
    return Int64(values.count - 1)
  }
}
