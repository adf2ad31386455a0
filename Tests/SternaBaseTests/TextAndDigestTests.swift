import SternaBase
import Testing

@Suite struct TextAndDigestTests {
  // FIPS 180-2, appendix B.
  @Test func sha256OfTheStandardsExamples() {
    #expect(
      SHA256Digest(hashing: "abc").hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
    #expect(
      SHA256Digest(hashing: Bytes.empty).hex
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test func digestsComeBackFromTheirHexAndBytes() throws {
    let digest = SHA256Digest(hashing: "sterna")
    #expect(SHA256Digest(hex: digest.hex) == digest)
    #expect(SHA256Digest(bytes: digest.bytes) == digest)
    #expect(SHA256Digest(hex: String(digest.hex.dropLast())) == nil)
    #expect(SHA256Digest(hex: digest.hex.uppercased()) == nil)
  }

  /// Lengths on both sides of where a message's last block becomes two, and messages of unequal length.
  @Test func twoDigestsAtOnceAreThoseOfEachMessage() {
    let lengths = [0, 1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1_000, 70_000]
    let messages = lengths.map { length in
      Bytes((0..<length).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 &+ length) })
    }
    for first in messages {
      for second in messages {
        let (one, other) = SHA256Digest.hashing(first, and: second)
        #expect(one == SHA256Digest(hashing: first))
        #expect(other == SHA256Digest(hashing: second))
      }
    }
  }

  @Test func percentEncodingKeepsOnlyItsCharacters() {
    #expect(PercentEncoding.encode("a/b c+%é~", keeping: .standard) == "a%2Fb%20c%2B%25%C3%A9~")
    #expect(PercentEncoding.encode("a/b c+%é~", keeping: .path) == "a/b%20c%2B%25%C3%A9~")
    #expect(PercentEncoding.encode("a/b~", keeping: .name) == "a%2Fb%7E")
  }

  @Test(arguments: ["", "plain", "a/b c+%é", "雪", "\u{0}"])
  func percentDecodingIsTheInverse(text: String) {
    #expect(PercentEncoding.decode(PercentEncoding.encode(text, keeping: .name)) == text)
  }

  @Test(arguments: ["%", "%4", "%zz", "%FF"])
  func brokenEscapesAreRefused(text: String) {
    #expect(PercentEncoding.decode(text) == nil)
  }

  @Test func uniqueIDsComeBackFromHex() {
    let id = UniqueID(high: 0x0123_4567_89AB_CDEF, low: 1)
    #expect(id.hex == "0123456789abcdef0000000000000001")
    #expect(UniqueID(hex: id.hex) == id)
  }
}
