package import ObjectStore

extension ETag {
  /// A tag as it stands in a header or in XML: without the quotes that most servers put around it.
  package init(wire text: String) {
    let isQuoted = text.utf8.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"")
    self.init(isQuoted ? String(text.dropFirst().dropLast()) : text)
  }

  /// The tag as RFC 9110 writes it. Some servers (Ceph RGW 16) compare `If-Match` with the bare `value`
  /// only.
  package var quoted: String { "\"\(value)\"" }
}
