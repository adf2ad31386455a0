import CKernels
import SternaBase

/// Numbers cut in two: high bits of few kinds (sign, exponent) and low bits of all kinds. For doubles
/// that are no decimals this is ALP-RD (Afroozeh, Kuffo, Boncz, SIGMOD 2024); its dictionary of high
/// parts and its exceptions are what the high child may be.
///
///     parameter   width of the low part: 32 to 63 of 64 bits, 1 to 31 of 32
///     children    high parts | low parts
///
///     number[i] = high[i] << width | low[i]
enum SplitEncoding {
  /// The widths of the high part that are looked at: sign and exponent of a double, and some bits more.
  private static let highWidths = 9...18

  /// The width of the low part that makes a sample smallest, or nil when nothing is saved.
  static func lowWidth(for sample: UnsafeBufferPointer<Int64>, slotWidth: Int) -> Int? {
    let bitCount = slotWidth * 8
    let step = max(1, sample.count / 512)
    let sorted = Swift.stride(from: 0, to: sample.count, by: step)
      .map { UInt64(bitPattern: sample[$0]) & BitPacking.mask(bitCount) }.sorted()
    guard sorted.count >= 64 else { return nil }
    var best: (width: Int, bits: Double)?
    for highWidth in highWidths where highWidth < bitCount {
      let lowWidth = bitCount - highWidth
      var distinctCount = 1
      for index in 1..<sorted.count
      where sorted[index] >> UInt64(lowWidth) != sorted[index - 1] >> UInt64(lowWidth) {
        distinctCount += 1
      }
      let bits = Double(lowWidth + BitPacking.width(of: UInt64(distinctCount - 1)))
      if bits < best?.bits ?? Double(bitCount) * 15 / 16 { best = (lowWidth, bits) }
    }
    return best?.width
  }

  /// High parts have at most 32 bits, so that they take less room than the numbers while they are decoded.
  static func isAllowed(lowWidth: Int, of bitWidth: Int) -> Bool {
    lowWidth > 0 && lowWidth < bitWidth && bitWidth - lowWidth <= 32
  }

  static func parts(of numbers: UnsafeBufferPointer<Int64>, lowWidth: Int, slotWidth: Int)
    -> (high: [Int64], low: [Int64])
  {
    let mask = Int64(bitPattern: BitPacking.mask(lowWidth))
    let highMask = BitPacking.mask(slotWidth * 8 - lowWidth)
    let shift = UInt64(lowWidth)
    return (
      numbers.map { Int64(bitPattern: UInt64(bitPattern: $0) >> shift & highMask) },
      numbers.map { $0 & mask }
    )
  }

  static func node(lowWidth: Int, high: EncodedNode, low: EncodedNode) -> EncodedNode {
    EncodedNode(.split, parameters: [UInt64(lowWidth)], children: [high, low])
  }

  static func decode<Word: SlotWord>(
    _ node: EncodedNode, _ payload: inout ByteReader, into slots: UnsafeMutableBufferPointer<Word>,
    then steps: inout VectorSteps<Word>
  ) throws(SternaError) {
    guard node.parameters[0] < Word.bitWidth,
      isAllowed(lowWidth: Int(node.parameters[0]), of: Word.bitWidth)
    else { throw .malformedChunk("numbers of \(Word.bitWidth) bits cut at bit \(node.parameters[0])") }
    let storage = try ByteStorage(untrustedCount: slots.count * MemoryLayout<UInt32>.size)
    defer { withExtendedLifetime(storage) {} }
    let high = storage.mutableBytes.assumingMemoryBound(to: UInt32.self)
    try NumberDecoder.decode(node.children[0], &payload, into: high)
    steps.append(.joined(UnsafeBufferPointer(high), shift: node.parameters[0]))
    try NumberDecoder.decode(node.children[1], &payload, into: slots, then: &steps)
  }

  /// Puts the high parts to the low ones.
  static func join<Word: SlotWord>(
    _ high: UnsafeBufferPointer<UInt32>, with slots: UnsafeMutableBufferPointer<Word>, shift: UInt64
  ) {
    if let low = slots.words64, let high = high.baseAddress {
      return sterna_join(low, high, slots.count, UInt32(shift))
    }
    var index = 0
    while index < slots.count {
      slots[index] |= Word(truncatingIfNeeded: high[index]) << shift
      index += 1
    }
  }
}
