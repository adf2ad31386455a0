import CKernels
import SternaBase

/// Doubles that are integers divided by a power of two: random numbers of most generators (k * 2^-53),
/// fractions of a tick (1/32), and every integer.
///
///     parameter   exponent, 0 to 1,022
///     child       integers within ±2^53
///
///     double[i] = Double(integer[i]) * 2^-exponent       exact: nothing is rounded
///
/// Doubles that are not (NaN, infinities, -0.0) are the exceptions of a patched encoding around it.
enum DyadicEncoding {
  static let maximumExponent = 1_022
  private static let limit = 0x1p53

  /// The smallest exponent that fits the finite doubles of a sample, and the bits of the largest integer.
  static func exponent(for sample: UnsafeBufferPointer<Int64>) -> (exponent: Int, width: Int)? {
    var lowest = Int.max
    var highest = 0
    for bits in sample {
      let double = Double(bitPattern: UInt64(bitPattern: bits))
      guard double.isNormal else { continue }
      let zeros = min(double.significandBitPattern.trailingZeroBitCount, Double.significandBitCount)
      lowest = min(lowest, Int(double.exponent) - Double.significandBitCount + zeros)
      highest = max(highest, Int(double.exponent))
    }
    guard lowest != .max else { return nil }
    let exponent = max(0, -lowest)
    return exponent <= maximumExponent ? (exponent, highest + exponent + 1) : nil
  }

  /// Integers, an exception's being that of its predecessor; nil when more than an eighth are exceptions.
  static func parts(of bits: UnsafeBufferPointer<Int64>, exponent: Int) -> PatchedEncoding.Parts? {
    let scale = power(exponent)
    let unscale = power(-exponent)
    let parts = PatchedEncoding.Parts(
      converting: bits,
      all: { doubles, integers in
        sterna_dyadic_integers(doubles.baseAddress, doubles.count, scale, unscale, integers)
      },
      one: { bits in
        let scaled = Double(bitPattern: UInt64(bitPattern: bits)) * scale
        guard abs(scaled) <= limit else { return nil }
        let integer = Int64(scaled)
        return (Double(integer) * unscale).bitPattern == UInt64(bitPattern: bits) ? integer : nil
      })
    return parts.rows.count * 8 <= bits.count ? parts : nil
  }

  static func node(exponent: Int, integers: EncodedNode) -> EncodedNode {
    EncodedNode(.dyadic, parameters: [UInt64(exponent)], children: [integers])
  }

  static func decode<Word: SlotWord>(
    _ node: EncodedNode, _ payload: inout ByteReader, into slots: UnsafeMutableBufferPointer<Word>,
    then steps: inout VectorSteps<Word>
  ) throws(SternaError) {
    guard Word.self == UInt64.self, node.byteCount == 0, node.parameters[0] <= maximumExponent else {
      throw .malformedChunk("a power of two where no doubles are expected")
    }
    let unscale = power(-Int(node.parameters[0]))
    steps.append(.dyadics(unscale))
    try NumberDecoder.decode(node.children[0], &payload, into: slots, then: &steps)
  }

  /// 2^exponent, for exponents of normal numbers.
  private static func power(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }
}
