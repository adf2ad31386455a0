import SternaBase

/// The name of a symbol, library or snapshot as one component of an object key.
///
/// Names are percent-encoded UTF-8 in which `[A-Za-z0-9._-]` stay, so that they are readable in any bucket
/// browser and cannot leave their folder. A name whose encoding is over 200 bytes keeps its beginning,
/// followed by `~` and the SHA-256 of the whole name; the object itself then holds the full name. `~` never
/// stays in an encoding, so a shortened name cannot equal another name's encoding.
package struct ObjectName: Hashable, Sendable {
  /// What the user calls it.
  package let text: String
  /// The key component.
  package let encoded: String

  /// The most UTF-8 bytes of a name.
  package static let byteCountMax = 1_024
  private static let encodedByteCountMax = 200
  private static let keptByteCount = 120

  /// - Throws: `invalidArgument` for the empty name, `.`, `..`, NUL, and names over 1,024 bytes.
  package init(_ text: String, subject: String) throws(SternaError) {
    func refuse(_ why: String, _ advice: String) -> SternaError {
      SternaError(.invalidArgument, "\(subject) name \(why)", advice: advice)
    }
    guard !text.isEmpty else { throw refuse("is empty", "Give the \(subject) a name.") }
    guard text != ".", text != ".." else {
      throw refuse("'\(text)' is reserved", "Names that mean a folder in file systems cannot be used.")
    }
    guard !text.utf8.contains(0) else { throw refuse("contains a NUL character", "Remove it.") }
    guard text.utf8.count <= Self.byteCountMax else {
      throw refuse("has \(text.utf8.count) bytes", "Use at most \(Self.byteCountMax) bytes of UTF-8.")
    }
    self.text = text
    let whole = PercentEncoding.encode(text, keeping: .name)
    self.encoded =
      whole.utf8.count <= Self.encodedByteCountMax
      ? whole : Self.beginning(of: text) + "~" + SHA256Digest(hashing: text).hex
  }

  /// The encoding of as many whole characters of a name as fit.
  private static func beginning(of text: String) -> String {
    var kept = ""
    for scalar in text.unicodeScalars {
      let encoded = PercentEncoding.encode(String(scalar), keeping: .name)
      if kept.utf8.count + encoded.utf8.count > keptByteCount { break }
      kept += encoded
    }
    return kept
  }

  /// The name that a key component stands for; nil when it was shortened and the object must be asked.
  package static func decode(_ component: some StringProtocol) -> String? {
    component.contains("~") ? nil : PercentEncoding.decode(component)
  }

  /// Two hex digits that spread names evenly: the first byte of the SHA-256 of the name.
  package var shard: String { String(SHA256Digest(hashing: text).hex.prefix(2)) }
}
