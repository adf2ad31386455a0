/// Random numbers that a printed seed brings back (SplitMix64).
///
///     var generator = SeededGenerator.fresh()
///     #expect(..., "\(generator)")        // prints "seed 123"; `SeededGenerator(seed: 123)` replays
package struct SeededGenerator: RandomNumberGenerator, Sendable, CustomStringConvertible {
  package let seed: UInt64
  private var state: UInt64

  package init(seed: UInt64) {
    self.seed = seed
    self.state = seed
  }

  package static func fresh() -> SeededGenerator { SeededGenerator(seed: .random(in: 0 ... .max)) }

  package var description: String { "seed \(seed)" }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

extension SeededGenerator {
  /// `count` random bytes.
  package mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
  }

  /// A damaged copy of some bytes: a few of them changed, removed, doubled, moved, or the end cut off.
  package mutating func mutate(_ original: [UInt8]) -> [UInt8] {
    var bytes = original
    for _ in 0..<Int.random(in: 1...4, using: &self) where !bytes.isEmpty {
      let index = Int.random(in: 0..<bytes.count, using: &self)
      switch Int.random(in: 0..<6, using: &self) {
      case 0: bytes[index] = UInt8.random(in: 0...255, using: &self)
      case 1: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &self)
      case 2: bytes.remove(at: index)
      case 3: bytes.insert(original[Int.random(in: 0..<original.count, using: &self)], at: index)
      case 4: bytes.insert(contentsOf: bytes[index..<min(index + 8, bytes.count)], at: index)
      default: bytes.removeSubrange(index...)
      }
    }
    return bytes
  }
}
