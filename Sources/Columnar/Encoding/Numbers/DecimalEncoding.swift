import CKernels
import SternaBase

/// Doubles that are short decimals (prices, rates, measurements) as integers: the idea of ALP (Afroozeh,
/// Kuffo, Boncz, SIGMOD 2024), with one pair of exponents a chunk.
///
///     parameters   e | f | number of exceptions
///     children     integers | rows of the exceptions | the exceptions' bits
///
///     double[i] = Double(integer[i]) * 10^f * 10^-e        rounded after each product
///
/// A double of which this is not true bit for bit (NaN, -0.0, 1/3) is an exception, stored as it is.
/// - Invariant: `0 <= f <= e <= 18`; integers lie within ±2^51, where the addition of `shifter` is exact.
enum DecimalEncoding {
  static let maximumExponent = 18
  /// Adding 2^52 + 2^51 to a double within ±2^51 rounds it to an integer and leaves that in the low bits.
  private static let shifter = 0x1.8p52
  private static let limit = 0x1p51

  private static let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
  ]
  private static let inverses: [Double] = [
    1e0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12, 1e-13, 1e-14, 1e-15,
    1e-16, 1e-17, 1e-18,
  ]

  struct Exponents: Hashable {
    var e: Int
    var f: Int
  }

  static func node(_ exponents: Exponents, exceptionCount: Int, children: [EncodedNode]) -> EncodedNode {
    EncodedNode(
      .decimal, parameters: [UInt64(exponents.e), UInt64(exponents.f), UInt64(exceptionCount)],
      children: children)
  }

  /// Integers, an exception's being that of its predecessor.
  static func encode(_ bits: UnsafeBufferPointer<Int64>, _ exponents: Exponents) -> PatchedEncoding.Parts {
    let scale = (up: powers[exponents.e], down: inverses[exponents.f])
    let unscale = (up: powers[exponents.f], down: inverses[exponents.e])
    return PatchedEncoding.Parts(
      converting: bits,
      all: { doubles, integers in
        sterna_decimal_integers(
          doubles.baseAddress, doubles.count, scale.up, scale.down, unscale.up, unscale.down, integers)
      },
      one: { bits in
        let scaled = Double(bitPattern: UInt64(bitPattern: bits)) * scale.up * scale.down
        let shifted = scaled + shifter
        let restored = (shifted - shifter) * unscale.up * unscale.down
        guard restored.bitPattern == UInt64(bitPattern: bits), abs(scaled) < limit else { return nil }
        return Int64(bitPattern: shifted.bitPattern) &- Int64(bitPattern: shifter.bitPattern)
      })
  }

  /// The exponents that make a sample smallest, or nil when no pair makes it worth while.
  static func exponents(
    for sample: UnsafeBufferPointer<Int64>
  ) -> (exponents: Exponents, bitsPerValue: Int)? {
    let step = max(1, sample.count / 64)
    let few = stride(from: 0, to: sample.count, by: step).map {
      Double(bitPattern: UInt64(bitPattern: sample[$0]))
    }
    var best: (exponents: Exponents, cost: Int)?
    // Digits behind the point that leave no exception: more only make the integers wider.
    var enoughDigits = maximumExponent + 1
    for e in (0...maximumExponent).reversed() {
      for f in 0...e where e - f < enoughDigits {
        let exponents = Exponents(e: e, f: f)
        guard let found = bitCount(of: few, exponents, below: best?.cost ?? few.count * 60) else {
          continue
        }
        best = (exponents, found.cost)
        if found.exceptionCount == 0 { enoughDigits = e - f }
      }
    }
    guard let best else { return nil }
    return (best.exponents, best.cost / few.count)
  }

  /// About how many bits doubles take, or nil as soon as they take more than a limit.
  private static func bitCount(
    of doubles: [Double], _ exponents: Exponents, below limit: Int
  ) -> (cost: Int, exceptionCount: Int)? {
    let scale = (up: powers[exponents.e], down: inverses[exponents.f])
    let unscale = (up: powers[exponents.f], down: inverses[exponents.e])
    let exceptionBits = 64 + 16
    var exceptionCount = 0
    var (smallest, largest) = (Double.infinity, -Double.infinity)
    for double in doubles {
      let scaled = double * scale.up * scale.down
      let rounded = (scaled + shifter) - shifter
      let restored = rounded * unscale.up * unscale.down
      if restored.bitPattern == double.bitPattern, abs(scaled) < Self.limit {
        smallest = rounded < smallest ? rounded : smallest
        largest = rounded > largest ? rounded : largest
      } else {
        exceptionCount += 1
        if exceptionCount * exceptionBits >= limit { return nil }
      }
    }
    let width = smallest <= largest ? BitPacking.width(of: UInt64(largest - smallest)) : 0
    let cost = doubles.count * width + exceptionCount * exceptionBits
    return cost < limit ? (cost, exceptionCount) : nil
  }

  static func decode<Word: SlotWord>(
    _ node: EncodedNode, _ payload: inout ByteReader, into slots: UnsafeMutableBufferPointer<Word>
  ) throws(SternaError) {
    guard Word.self == UInt64.self, node.byteCount == 0 else {
      throw .malformedChunk("decimals where no doubles are expected")
    }
    guard node.parameters[0] <= maximumExponent, node.parameters[1] <= node.parameters[0] else {
      throw .malformedChunk("decimal exponents \(node.parameters[0]) and \(node.parameters[1])")
    }
    let (up, down) = (powers[Int(node.parameters[1])], inverses[Int(node.parameters[0])])
    var steps = VectorSteps<Word>(.decimals(up: up, down: down))
    try NumberDecoder.decode(node.children[0], &payload, into: slots, then: &steps)
    try PatchedEncoding.patch(
      slots, exceptionCount: node.parameters[2], rows: node.children[1], exceptions: node.children[2],
      &payload)
  }
}
