import SternaBase
import TestSupport
import Testing

@testable import Columnar

/// Each scheme by itself, whatever the chooser would say: what it takes it gives back.
@Suite struct NumberSchemeTests {
  private static let counts = [0, 1, 2, 17, 63, 64, 65, 1_023, 1_024, 1_025, 3_072]

  /// How the numbers of a test follow each other.
  enum Numbers: CaseIterable {
    case ramp, runs, few, outliers, extremes, noise

    func make(_ count: Int, _ random: inout SeededGenerator) -> [Int64] {
      (0..<count).map { row in
        switch self {
        case .ramp: Int64(row) * 12 - 5_000
        case .runs: Int64(row / 13 % 7) << 33
        case .few: [Int64.min, .max, 0, -1][Int(random.next() % 4)]
        case .outliers:
          random.next() % 30 == 0 ? Int64(bitPattern: random.next()) : Int64(random.next() % 16)
        case .extremes: row % 2 == 0 ? .min : .max
        case .noise: Int64(bitPattern: random.next())
        }
      }
    }
  }

  private static let integerSchemes: [NumberScheme] = [
    .plain, .compressedPlain, .frameOfReference, .delta, .planes, .scaled, .lookup, .runs, .differences,
    .patched(.init(smallest: 0, width: 4)), .patched(.init(smallest: -8, width: 0)),
    .patched(.init(smallest: .min, width: 63)), .split(lowWidth: 32), .split(lowWidth: 48),
    .split(lowWidth: 63),
  ]

  private func requireRoundTrip(_ numbers: [Int64], _ scheme: NumberScheme) throws -> Bool {
    var target = GrowableBytes()
    let encoder = NumberEncoder(options: .standard, schemes: .doubleBits)
    let node = numbers.withUnsafeBufferPointer {
      encoder.apply(scheme, to: $0, slotWidth: 8, into: &target)
    }
    guard let node else { return false }
    var payload = ByteReader(target.take(), subject: "test")
    let decoded = try NumberDecoder.array(UInt64.self, node, &payload, count: numbers.count)
    try payload.expectEnd()
    #expect(
      decoded == numbers.map { UInt64(bitPattern: $0) }, "\(scheme) \(node.description) \(numbers.count)")
    return true
  }

  @Test(arguments: Numbers.allCases)
  func everySchemeGivesBackTheNumbersThatItTakes(kind: Numbers) throws {
    var random = SeededGenerator(seed: 11)
    var taken: Set<NumberScheme> = []
    for count in Self.counts {
      let numbers = kind.make(count, &random)
      for scheme in Self.integerSchemes where try requireRoundTrip(numbers, scheme) { taken.insert(scheme) }
    }
    #expect(taken.isSuperset(of: [.plain, .frameOfReference, .delta, .differences, .split(lowWidth: 48)]))
  }

  @Test func doublesOfEveryKindComeBackBitForBit() throws {
    let special: [Double] = [
      0, -0.0, .nan, -.nan, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude,
      .leastNormalMagnitude, Double(bitPattern: 0x7FF8_0000_0000_0001), 0x1p53, -0x1p53, 0x1p54, 1 / 3,
    ]
    var random = SeededGenerator(seed: 12)
    for step in [1, 20, 300] {
      let doubles = (0..<1_100).map { row in
        row % step == 0 ? special[row / step % special.count] : Double(random.next() % 4_096) / 64
      }
      let bits = doubles.map { Int64(bitPattern: $0.bitPattern) }
      var schemes: [NumberScheme] = (0...1_022).filter { $0 % 73 == 6 }.map { .dyadic(exponent: $0) }
      schemes += (0...18).map { .decimal(.init(e: $0, f: $0 / 2)) }
      let taken = try schemes.filter { try requireRoundTrip(bits, $0) }
      #expect(step == 1 || taken.contains(.dyadic(exponent: 6)), "step \(step)")
    }
  }

  @Test func aWindowLeavesOutWhatIsFarAway() {
    var random = SeededGenerator(seed: 13)
    let numbers = (0..<4_000).map { row in
      row % 100 == 7 ? Int64(bitPattern: random.next()) : 1_000 + Int64(random.next() % 60)
    }
    let window = numbers.withUnsafeBufferPointer { PatchedEncoding.window(for: $0) }
    #expect(window.map { $0.width == 6 && $0.smallest >= 1_000 && $0.smallest < 1_010 } == true)
    let ramp = (0..<4_000).map { Int64($0) }
    #expect(ramp.withUnsafeBufferPointer { PatchedEncoding.window(for: $0) } == nil)
  }

  @Test func aSampleThatMisledDoesNotDecideAlone() throws {
    // Constant wherever the sample looks, noise between.
    var random = SeededGenerator(seed: 14)
    let count = 1 << 16
    let numbers = (0..<count).map { $0 % 16_384 < 1_100 ? 5 : Int64(random.next() >> 40) }
    #expect(numbers.withUnsafeBufferPointer { NumberSample(of: $0) } != nil)
    let column = Column.int64s(numbers)
    let (node, bytes) = try ColumnEncoder(options: .standard).encode(column)
    #expect(try ColumnDecoder.decode(node, bytes, type: .int64, count: count) == column)
    #expect(bytes.count < count * 26 / 8, "\(node.description)")
  }

  @Test func thePreferenceDecidesWhatBytesAreWorth() throws {
    var random = SeededGenerator(seed: 15)
    var cents: Int64 = 10_000
    let walk = (0..<50_000).map { _ in
      cents += (0..<6).reduce(-9) { sum, _ in sum + Int64(random.next() % 4) }
      return Double(cents) / 100
    }
    func byteCount(_ preference: EncodingOptions.Preference) throws -> Int {
      try ColumnEncoder(options: EncodingOptions(preference: preference)).encode(.float64s(walk)).bytes
        .count
    }
    let (speed, balanced, size) = try (byteCount(.speed), byteCount(.balanced), byteCount(.size))
    #expect(size <= balanced && balanced <= speed && size < speed, "\(size), \(balanced), \(speed)")
  }

  @Test func anExplanationNamesWhatWasWrittenAndItsRivals() throws {
    let prices = Column.float64s((0..<20_000).map { Double(10_000 + $0 * $0 % 997) / 100 })
    for column in [prices, .strings((0..<500).map { "id-\($0 * 77)" }), .int64s([1, 1, 1])] {
      let explanation = try SegmentEncoder().explain(column)
      let encoded = try SegmentEncoder().encode(DataFrame([("c", column)]), kind: .segment)
      #expect(explanation.encoding == encoded.chunks[0].encodingDescription)
      #expect(explanation.byteCount == encoded.chunks[0].byteRange.count)
      #expect(explanation.candidates.contains { $0.encoding == explanation.encoding })
      let costs = explanation.candidates.map(\.readNanosecondsPerValue)
      #expect(costs == costs.sorted())
    }
  }

  @Test func highPartsOfMoreThan32BitsAreRefused() throws {
    let parts = [EncodedNode(.constant, parameters: [0]), EncodedNode(.constant, parameters: [0])]
    for (lowWidth, isAllowed) in [
      (0 as UInt64, false), (31, false), (32, true), (63, true), (64, false), (.max, false),
    ] {
      var payload = ByteReader(.empty, subject: "test")
      let node = EncodedNode(.split, parameters: [lowWidth], children: parts)
      let decoded = try? NumberDecoder.array(UInt64.self, node, &payload, count: 3)
      #expect(decoded == (isAllowed ? [0, 0, 0] : nil), "\(lowWidth)")
    }
  }

  @Test func treesOfTooManyNodesAreRefused() {
    func tree(_ depth: Int) -> [UInt8] {
      guard depth > 0 else { return [Encoding.plain.rawValue, 0] }
      return [Encoding.patched.rawValue, 0, 0] + tree(depth - 1) + tree(depth - 1) + tree(depth - 1)
    }
    for (depth, isAllowed) in [(4, true), (6, false)] {
      var reader = ByteReader(Bytes(tree(depth)), subject: "tree")
      let isRead = (try? EncodedNode(reading: &reader)) != nil
      #expect(isRead == isAllowed)
    }
  }
}
