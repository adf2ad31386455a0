import SternaBase
import Testing

@testable import VersionStore

@Suite struct ObjectNameTests {
  @Test(arguments: ["SPY", "../x", "a/b c+%é", "雪", "~", ".hidden", "a.b-c_d", "A", "a"])
  func namesComeBackFromTheirKeys(text: String) throws {
    let name = try ObjectName(text, subject: "symbol")
    #expect(ObjectName.decode(name.encoded) == text)
    #expect(!name.encoded.contains("/"))
  }

  @Test func longNamesAreShortenedAndStayDistinct() throws {
    let first = try ObjectName(String(repeating: "é", count: 300), subject: "symbol")
    let second = try ObjectName(String(repeating: "é", count: 301), subject: "symbol")
    #expect(first.encoded.utf8.count <= 200)
    #expect(first.encoded != second.encoded)
    #expect(ObjectName.decode(first.encoded) == nil)
  }

  @Test func aShortenedNameKeepsWholeCharacters() throws {
    for count in 100...140 {
      let text = String(repeating: "a", count: count) + String(repeating: "é", count: 40)
      let encoded = try ObjectName(text, subject: "symbol").encoded
      let kept = encoded.split(separator: "~")[0]
      #expect(text.hasPrefix(try #require(PercentEncoding.decode(kept))))
    }
  }

  @Test(arguments: ["", ".", "..", "a\u{0}b", String(repeating: "x", count: 1_025)])
  func unusableNamesAreRefused(text: String) {
    #expect(throws: SternaError.self) { try ObjectName(text, subject: "symbol") }
  }
}
