package import SternaBase

extension S3Endpoint {
  /// Reads `http://localhost:9000`, `https://s3.example.com`, `http://[::1]:9000/base`.
  ///
  /// - Throws: `invalidArgument` for anything else. What is accepted can be put in a URL as it is.
  package init(parsing text: String) throws(SternaError) {
    guard let schemeEnd = Self.range(of: "://", in: text),
      let scheme = Scheme(rawValue: text[..<schemeEnd.lowerBound].lowercased())
    else { throw Self.invalid(text, "it does not start with http:// or https://") }
    let rest = text[schemeEnd.upperBound...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard !authority.contains("@") else {
      throw Self.invalid(text, "it contains a user name or password")
    }
    let (host, port) = try Self.split(authority: authority.lowercased(), of: text)
    self.init(
      scheme: scheme, host: host, port: port == (scheme == .http ? 80 : 443) ? nil : port,
      basePath: try Self.basePath(rest[authority.endIndex...], of: text))
  }

  private static func split(authority: String, of text: String) throws(SternaError) -> (String, Int?) {
    let hostEnd: String.Index
    if authority.hasPrefix("[") {
      guard let bracket = authority.firstIndex(of: "]") else {
        throw invalid(text, "a bracket is not closed")
      }
      let address = authority[authority.index(after: authority.startIndex)..<bracket]
      guard address.utf8.contains(UInt8(ascii: ":")), address.utf8.allSatisfy(isIPv6Character) else {
        throw invalid(text, "the brackets hold no IPv6 address")
      }
      hostEnd = authority.index(after: bracket)
    } else {
      hostEnd = authority.firstIndex(of: ":") ?? authority.endIndex
      guard isHostName(authority[..<hostEnd]) else { throw invalid(text, "the host name is not valid") }
    }
    let host = String(authority[..<hostEnd])
    let rest = authority[hostEnd...]
    if rest.isEmpty || rest == ":" { return (host, nil) }
    let digits = rest.dropFirst()
    guard rest.hasPrefix(":"), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let port = Int(digits),
      (1...65_535).contains(port)
    else { throw invalid(text, "the port is not a number of 1 to 65535") }
    return (host, port)
  }

  private static func isIPv6Character(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: ":"),
      UInt8(ascii: "."):
      true
    default: false
    }
  }

  /// Letters, digits, hyphens and (in the names of containers) underscores between dots; lowercase.
  static func isHostName(_ name: Substring) -> Bool {
    guard (1...253).contains(name.utf8.count) else { return false }
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    return labels.allSatisfy { label in
      (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
        && label.utf8.allSatisfy { byte in
          switch byte {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
          default: false
          }
        }
    }
  }

  private static func basePath(_ path: Substring, of text: String) throws(SternaError) -> String {
    guard
      path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") })
    else { throw invalid(text, "it has a query, a fragment, or characters that must be percent-encoded") }
    var trimmed = path
    while trimmed.hasSuffix("/") { trimmed.removeLast() }
    return String(trimmed)
  }

  private static func range(of separator: String, in text: String) -> Range<String.Index>? {
    text.firstRange(of: separator)
  }

  private static func invalid(_ text: String, _ reason: String) -> SternaError {
    // Before an "@" stands a password.
    let shown = text.contains("@") ? "(hidden)" : text
    return SternaError(
      .invalidArgument, "endpoint '\(shown)' is not valid: \(reason)",
      advice: "Give scheme, host and port, for example http://localhost:9000 or https://s3.example.com.")
  }
}
