/// 128 bits that stand for a world among those that a search has seen. With 100 million worlds, two of them
/// share one with a probability of 10^-23.
struct Fingerprint128 {
  var high: UInt64
  var low: UInt64

  init(_ words: [UInt32]) {
    var first: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(words.count)
    var second: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    words.withUnsafeBufferPointer { words in
      for word in words {
        first = Self.mixed(first ^ UInt64(word))
        second = Self.mixed(second &+ UInt64(word) &* 0x9FB2_1C65_1E98_DF25)
      }
    }
    high = first
    // 0 marks a free place.
    low = second | 1
  }

  /// The finisher of SplitMix64: every bit of its argument reaches every bit of its result.
  private static func mixed(_ value: UInt64) -> UInt64 {
    var value = value &+ 0x9E37_79B9_7F4A_7C15
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
