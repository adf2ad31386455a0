/// Chooses the smallest encoding of a run of numbers and writes it.
///
/// Sizes of the bit-packed encodings are computed exactly (a pass each); divisors and distinct values are
/// first looked for in a sample.
struct NumberEncoder {
  let options: EncodingOptions

  /// Encodes numbers whose slots are `slotWidth` bytes wide.
  func encode(
    _ numbers: UnsafeBufferPointer<Int64>, slotWidth: Int, into target: inout GrowableBytes
  ) -> EncodedNode {
    let start = target.count
    let node = smallest(of: numbers, slotWidth: slotWidth, into: &target)
    return ZstdEncoding.compress(node, from: start, level: options.compressionLevel, in: &target)
  }

  func encode(_ numbers: [Int64], slotWidth: Int, into target: inout GrowableBytes) -> EncodedNode {
    numbers.withUnsafeBufferPointer { encode($0, slotWidth: slotWidth, into: &target) }
  }

  private func smallest(
    of numbers: UnsafeBufferPointer<Int64>, slotWidth: Int, into target: inout GrowableBytes
  ) -> EncodedNode {
    let direct = NumberPlan(for: numbers, slotWidth: slotWidth)
    if direct.byteCount <= Self.smallByteCount {
      return direct.encode(numbers, slotWidth: slotWidth, into: &target)
    }
    if let scaled = ScaledEncoding.quotients(of: numbers) {
      let child = scaled.quotients.withUnsafeBufferPointer { quotients -> EncodedNode? in
        let plan = NumberPlan(for: quotients, slotWidth: 8)
        guard plan.byteCount + Self.smallByteCount < direct.byteCount else { return nil }
        return smallest(of: quotients, slotWidth: 8, into: &target)
      }
      if let child {
        return ScaledEncoding.node(base: numbers[0], divisor: scaled.divisor, quotients: child)
      }
    }
    if let node = lookup(numbers, slotWidth: slotWidth, below: direct.byteCount, into: &target) {
      return node
    }
    return direct.encode(numbers, slotWidth: slotWidth, into: &target)
  }

  /// A descriptor's size: what a more complex tree must save at least.
  private static let smallByteCount = 16

  private func lookup(
    _ numbers: UnsafeBufferPointer<Int64>, slotWidth: Int, below limit: Int,
    into target: inout GrowableBytes
  ) -> EncodedNode? {
    // Below 4 bits a number there is little left to save.
    guard limit * 2 > numbers.count, let (codes, values) = LookupEncoding.codes(of: numbers) else {
      return nil
    }
    return codes.withUnsafeBufferPointer { codes in
      values.withUnsafeBufferPointer { values in
        let codePlan = NumberPlan(for: codes, slotWidth: 4)
        let valuePlan = NumberPlan(for: values, slotWidth: slotWidth)
        // Codes cost a second look at memory on every read: they must save a tenth.
        guard codePlan.byteCount + valuePlan.byteCount + Self.smallByteCount < limit / 10 * 9 else {
          return nil
        }
        let codeNode = codePlan.encode(codes, slotWidth: 4, into: &target)
        let valueNode = valuePlan.encode(values, slotWidth: slotWidth, into: &target)
        return LookupEncoding.node(distinctCount: values.count, codes: codeNode, values: valueNode)
      }
    }
  }
}
