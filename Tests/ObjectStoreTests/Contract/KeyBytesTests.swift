import ObjectStore
import SternaBase
import TestSupport
import Testing

@Suite struct KeyBytesTests {
  @Test("Keys are ordered by UTF-8 bytes, not as Swift orders strings")
  func orderIsByBytes() {
    // In order of bytes; Swift's `<` puts the decomposed "e\u{301}" behind "f".
    let ordered = [
      "", "A", "a", "a!", "a/", "a0", "b", "ez", "e\u{301}", "f", "\u{e9}", "\u{ffff}", "\u{1f600}",
    ]
    for (lower, low) in ordered.enumerated() {
      for (higher, high) in ordered.enumerated() {
        #expect((KeyBytes(low) < KeyBytes(high)) == (lower < higher), "\(low) \(high)")
      }
    }
  }

  @Test("Canonically equal strings are different keys")
  func canonicalEquivalenceIsNotEquality() {
    #expect("e\u{301}" == "\u{e9}")
    #expect(KeyBytes("e\u{301}") != KeyBytes("\u{e9}"))
  }

  @Test("The end of a prefix lies behind all its keys and before all others")
  func endOfPrefixBoundsThePrefix() throws {
    let end = try #require(KeyBytes("ab").endOfPrefix)
    for inside in ["ab", "ab\u{0}", "abc", "ab\u{10ffff}"] { #expect(KeyBytes(inside) < end) }
    for outside in ["ac", "b"] { #expect(!(KeyBytes(outside) < end)) }
    #expect(KeyBytes("").endOfPrefix == nil)
  }

  @Test("A key has 1 to 1,024 bytes")
  func keyLengthIsChecked() throws {
    _ = try KeyBytes(checking: String(repeating: "k", count: 1_024))
    for key in ["", String(repeating: "k", count: 1_025), String(repeating: "é", count: 513)] {
      #expect { try KeyBytes(checking: key) } throws: { ($0 as? SternaError)?.code == .invalidArgument }
    }
  }
}

@Suite struct GetRangeTests {
  @Test("A range names what an array's slice would, cut at the end")
  func resolveMatchesEnumeration() throws {
    for size in 0...4 {
      #expect(try GetRange.whole.resolve(objectByteCount: size) == 0..<size)
      for low in 0...5 {
        for high in low...6 {
          let resolved = try? GetRange.bytes(low..<high).resolve(objectByteCount: size)
          #expect(
            resolved == (low < high && low < size ? low..<min(high, size) : nil),
            "\(low)..<\(high) of \(size)")
        }
      }
      #expect((try? GetRange.suffix(0).resolve(objectByteCount: size)) == nil)
      for count in 1...6 {
        #expect(try GetRange.suffix(count).resolve(objectByteCount: size) == max(0, size - count)..<size)
      }
    }
  }
}
