package import SternaBase

/// Reads the XML of S3's answers front to back: elements and their text, nothing else.
///
/// The bytes come from the network, so the language is cut down to what S3 says: no document type, no
/// entities but the five of XML and numeric ones (nothing can expand), attributes are skipped, depth and
/// size are capped, tags must match. Anything odd throws; nothing traps.
///
///     var xml = try XMLScanner(bytes, subject: "listing")
///     try xml.enterRoot("ListBucketResult")
///     while let name = try xml.nextChild() {              // enters the child
///       switch name {                                     // each child is left by one of these three:
///       case "Name": bucket = try xml.text()              // its text, up to its end tag
///       case "Contents": while let ... = try xml.nextChild() { ... }      // until nil
///       default: try xml.skip()
///       }
///     }
///     try xml.finish()
///
/// - Invariant: `openNames` are the elements entered and not left, from the root on.
package struct XMLScanner {
  /// S3 needs 4; what is deeper is an attack or a mistake.
  package static let depthMax = 32
  /// A page of 1,000 keys of 1,024 bytes, all percent-encoded, stays below 4 MiB.
  package static let byteCountMax = 16 << 20

  let bytes: [UInt8]
  let subject: String
  var position = 0
  private var openNames: [String] = []
  /// The element just entered was `<name/>`: its end tag is already read.
  private var isAtEmptyElement = false

  package init(_ bytes: Bytes, subject: String) throws(SternaError) {
    self.bytes = bytes.count <= Self.byteCountMax ? bytes.array : []
    self.subject = subject
    guard bytes.count <= Self.byteCountMax else {
      throw malformed("\(bytes.count) bytes are more than the limit of \(Self.byteCountMax)")
    }
  }

  // MARK: - Elements

  /// Reads the prolog and enters the root element.
  /// - Returns: its name, without prefix.
  package mutating func enterRoot() throws(SternaError) -> String {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    skipWhitespace()
    if take("<?xml") { try skip(behind: "?>") }
    try skipMisc()
    guard try readStartTag() else { throw malformed("root element missing") }
    return openNames[0]
  }

  package mutating func enterRoot(_ expected: String) throws(SternaError) {
    let name = try enterRoot()
    guard name == expected else { throw malformed("<\(expected)> wanted, <\(printable(name))> found") }
  }

  /// Enters the next child of the current element, or leaves the element when there is none.
  /// - Returns: the child's name, without prefix; nil when the element has been left.
  package mutating func nextChild() throws(SternaError) -> String? {
    guard !openNames.isEmpty else { throw malformed("nothing behind the root element is allowed") }
    if isAtEmptyElement {
      leave()
      return nil
    }
    try skipMisc()
    if try readStartTag() { return openNames[openNames.count - 1] }
    try readEndTag()
    return nil
  }

  /// Reads the text of the current element, which has no children, and leaves it.
  package mutating func text() throws(SternaError) -> String {
    if isAtEmptyElement {
      leave()
      return ""
    }
    var text: [UInt8] = []
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "<"):
        if take("<![CDATA[") {
          let start = position
          try skip(behind: "]]>")
          text.append(contentsOf: bytes[start..<(position - 3)])
        } else if take("<!--") {
          try skip(behind: "-->")
        } else {
          try readEndTag()
          guard let string = String(validating: text, as: UTF8.self) else {
            throw malformed("text is not UTF-8")
          }
          return string
        }
      case UInt8(ascii: "&"): text.append(contentsOf: String(try readReference()).utf8)
      default:
        text.append(byte)
        position += 1
      }
    }
    throw malformed("text without an end")
  }

  /// Leaves the current element, whatever it holds.
  package mutating func skip() throws(SternaError) {
    let depth = openNames.count
    while openNames.count >= depth {
      if isAtEmptyElement {
        leave()
        continue
      }
      while let byte = peek, byte != UInt8(ascii: "<") { position += 1 }
      if take("<![CDATA[") {
        try skip(behind: "]]>")
      } else if take("<!--") {
        try skip(behind: "-->")
      } else if try !readStartTag() {
        try readEndTag()
      }
    }
  }

  /// Checks that nothing follows the root element.
  package mutating func finish() throws(SternaError) {
    guard openNames.isEmpty else { throw malformed("element is still open") }
    try skipMisc()
    guard position == bytes.count else { throw malformed("something behind the root element") }
  }

  // MARK: - Tags

  /// Enters an element when a start tag is next; false, and nothing read, when an end tag or the end is.
  private mutating func readStartTag() throws(SternaError) -> Bool {
    guard let byte = peek else { return false }
    guard byte == UInt8(ascii: "<") else { throw malformed("text between elements") }
    if position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "/") { return false }
    position += 1
    guard openNames.count < Self.depthMax else { throw malformed("nested over \(Self.depthMax) deep") }
    openNames.append(try readName())
    try skipAttributes()
    isAtEmptyElement = take("/")
    guard take(">") else { throw malformed("tag without an end") }
    return true
  }

  private mutating func readEndTag() throws(SternaError) {
    guard take("</") else {
      throw malformed(peek == nil ? "end tag missing" : "element where text is wanted")
    }
    guard try readName() == openNames.last else { throw malformed("end tag of another element") }
    skipWhitespace()
    guard take(">") else { throw malformed("tag without an end") }
    leave()
  }

  private mutating func leave() {
    openNames.removeLast()
    isAtEmptyElement = false
  }
}
