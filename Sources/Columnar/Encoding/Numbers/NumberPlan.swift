/// The smallest of the encodings that need no children.
struct NumberPlan {
  let encoding: Encoding
  let byteCount: Int

  init(for numbers: UnsafeBufferPointer<Int64>, slotWidth: Int) {
    let plain = PlainEncoding.byteCount(of: numbers.count, slotWidth: slotWidth)
    var (reference, delta) = (0, 0)
    var isConstant = true
    for vector in numbers.vectors {
      let (smallest, largest) = vector.bounds
      isConstant = isConstant && smallest == largest && smallest == numbers[0]
      let width = BitPacking.width(of: UInt64(bitPattern: largest &- smallest))
      reference += 1 + GrowableBytes.varintByteCount(ZigZag.encode(smallest))
      reference += BitPacking.byteCount(of: vector.count, width: width)

      let (smallestStep, largestStep) = vector.differenceBounds
      let stepWidth = BitPacking.width(of: UInt64(bitPattern: largestStep &- smallestStep))
      delta += 1 + GrowableBytes.varintByteCount(ZigZag.encode(smallestStep))
      delta += GrowableBytes.varintByteCount(ZigZag.encode(vector[0] &- smallestStep))
      delta += BitPacking.byteCount(of: vector.count, width: stepWidth)
    }
    // Plain numbers are copied, the others computed: to be chosen they must save a sixteenth.
    let limit = plain - plain / 16
    if numbers.count > 0, isConstant {
      (encoding, byteCount) = (.constant, 0)
    } else if reference < limit, reference <= delta {
      (encoding, byteCount) = (.frameOfReference, reference)
    } else if delta < limit {
      (encoding, byteCount) = (.delta, delta)
    } else {
      (encoding, byteCount) = (.plain, plain)
    }
  }

  func encode(
    _ numbers: UnsafeBufferPointer<Int64>, slotWidth: Int, into target: inout GrowableBytes
  ) -> EncodedNode {
    switch encoding {
    case .constant: ConstantEncoding.encode(numbers[0])
    case .frameOfReference: FrameOfReferenceEncoding.encode(numbers, into: &target)
    case .delta: DeltaEncoding.encode(numbers, into: &target)
    default: PlainEncoding.encode(numbers, slotWidth: slotWidth, into: &target)
    }
  }
}
