import SternaBase
import TestSupport
import Testing

@testable import S3

@Suite struct XMLScannerTests {
  /// The scanner's events as text: `a(b'text' c())`.
  private func outline(_ text: String) throws -> String { try outline(Bytes(utf8: text)) }

  private func outline(_ bytes: Bytes) throws -> String {
    var xml = try XMLScanner(bytes, subject: "test")
    var text = try xml.enterRoot() + "("
    while let name = try xml.nextChild() { text += "\(name)'\(try xml.text())'" }
    try xml.finish()
    return text + ")"
  }

  @Test(arguments: [
    ("<a/>", "a()"), ("<a></a>", "a()"), ("<a><b>x</b><c/></a>", "a(b'x'c'')"),
    (
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a xmlns='u' x:y = \"<>\" >\n <b >x</b >\r\n</a>\n",
      "a(b'x')"
    ),
    ("<n:a xmlns:n='u'><n:b>x</n:b></n:a>", "a(b'x')"), ("\u{feff}<a/>", "a()"),
    ("<!-- c --><a><!-- <b> --><b>1<!-- & -->2</b></a><!-- c -->", "a(b'12')"),
    ("<a><b>&lt;&amp;&gt;&quot;&apos;&#65;&#x1F426;&#x0;</b></a>", "a(b'<&>\"'A\u{1F426}\u{0}')"),
    ("<a><b><![CDATA[<&]]]]></b></a>", "a(b'<&]]')"), ("<a><b> x\ny </b></a>", "a(b' x\ny ')"),
  ])
  func readsWhatS3Says(text: String, expected: String) throws {
    #expect(try outline(text) == expected)
  }

  @Test(arguments: [
    "", " ", "x", "<", "<a", "<a>", "<a>x</a>", "<a><b></a></b>", "<a></b>", "<a/><b/>", "<a/>x", "</a>",
    "<a><b>x<c/></b></a>",
    "<!DOCTYPE a><a/>", "<!DOCTYPE a [<!ENTITY e \"x\">]><a><b>&e;</b></a>", "<a><b>&e;</b></a>",
    "<a><b>&amp</b></a>",
    "<a><b>&#;</b></a>", "<a><b>&#x;</b></a>", "<a><b>&#xD800;</b></a>", "<a><b>&#x110000;</b></a>",
    "<a><b>&#xFFFFFFFFF;</b></a>",
    "<a><b>&#99999999;</b></a>", "<a><b>&#4A;</b></a>", "<a x></a>", "<a x=y></a>", "<a x='y></a>",
    "<ax='y'/>", "<a x='1'y='2'/>",
    "<?xml version='1.0'", "<?pi?><a/>", "<a><?pi?></a>", "<a/ >", "< a/>", "<a><b></a>", "<!-- <a/>",
    "<a><b><![CDATA[x</b></a>",
  ])
  func throwsOnAnythingOdd(text: String) {
    #expect(throws: SternaError.self) { try outline(text) }
  }

  @Test func textThatIsNotUTF8IsRefused() {
    #expect(throws: SternaError.self) {
      try outline(Bytes(Array("<a><b>".utf8) + [0xC0, 0x80] + Array("</b></a>".utf8)))
    }
  }

  @Test func depthAndSizeAreCapped() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
    }
    func skipAll(_ text: String) throws {
      var xml = try XMLScanner(Bytes(utf8: text), subject: "test")
      _ = try xml.enterRoot()
      try xml.skip()
      try xml.finish()
    }
    try skipAll(nested(XMLScanner.depthMax))
    #expect(throws: SternaError.self) { try skipAll(nested(XMLScanner.depthMax + 1)) }
    #expect(throws: SternaError.self) { try skipAll(String(repeating: "<a>", count: 1_000_000)) }
    #expect(throws: SternaError.self) {
      try XMLScanner(Bytes(ByteStorage(count: XMLScanner.byteCountMax + 1)), subject: "test")
    }
  }

  @Test func skippingLeavesExactlyOneElement() throws {
    var xml = try XMLScanner(
      Bytes(utf8: "<a><b>t<c/><d><e>&amp;</e></d><![CDATA[</b>]]><!--</b>--></b><f/><g>x</g></a>"),
      subject: "test")
    _ = try xml.enterRoot()
    #expect(try xml.nextChild() == "b")
    try xml.skip()
    #expect(try xml.nextChild() == "f")
    try xml.skip()
    #expect(try xml.nextChild() == "g")
    #expect(try xml.text() == "x")
    #expect(try xml.nextChild() == nil)
    try xml.finish()
  }

  @Test func misuseThrowsAndDoesNotTrap() throws {
    var xml = try XMLScanner(Bytes(utf8: "<a/>"), subject: "test")
    #expect(throws: SternaError.self) { try xml.nextChild() }
    _ = try xml.enterRoot()
    #expect(throws: SternaError.self) { try xml.finish() }
    #expect(try xml.nextChild() == nil)
    #expect(throws: SternaError.self) { try xml.nextChild() }
    #expect(throws: SternaError.self) { try xml.skip() }
    #expect(throws: SternaError.self) { try xml.text() }
  }

  @Test func textComesBackFromItsEscapedForm() throws {
    for text in ["", "a<b>&\"'c", "\r\n\t x ", "]]>", "é\u{1F426}", "&amp;"] {
      #expect(XMLText.canSay(text))
      #expect(try outline("<a><b>\(XMLText.escape(text))</b></a>") == "a(b'\(text)')")
    }
    for text in ["\u{0}", "a\u{1}", "\u{1f}", "\u{fffe}", "\u{ffff}"] { #expect(!XMLText.canSay(text)) }
  }

  @Test func allShortDocumentsAreReadOrRefused() {
    let alphabet = Array("<>/a&;!- \"".utf8)
    var accepted = 0
    func visit(_ prefix: [UInt8]) {
      if (try? outline(Bytes(prefix))) != nil { accepted += 1 }
      guard prefix.count < 4 else { return }
      for byte in alphabet { visit(prefix + [byte]) }
    }
    visit([])
    #expect(accepted == 1, "only <a/> is a document of up to four bytes")
  }
}
