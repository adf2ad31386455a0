/// The parts of a request's URL that a signature covers, cut out and not changed.
///
///     https://bucket.example:9000/a%20key?list-type=2
///     scheme  authority           path    query
///     `------- origin ----------'
struct RequestURLParts {
  let scheme: String
  let authority: String
  /// Starts with a slash; of a URL without a path it is the slash.
  let path: String
  /// Without the question mark.
  let query: String

  var origin: String { "\(scheme)://\(authority)" }

  init(_ url: String) {
    let utf8 = url.utf8
    let schemeEnd = utf8.firstIndex(of: UInt8(ascii: ":")) ?? utf8.startIndex
    let behindScheme = utf8[schemeEnd...].drop { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "/") }
    let authority = behindScheme.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
    let behindAuthority = utf8[authority.endIndex...]
    let path = behindAuthority.prefix { $0 != UInt8(ascii: "?") }
    self.scheme = url[..<schemeEnd].lowercased()
    self.authority = String(url[authority.startIndex..<authority.endIndex])
    self.path = path.isEmpty ? "/" : String(url[path.startIndex..<path.endIndex])
    self.query = String(url[path.endIndex...].dropFirst())
  }

  /// The authority as the `Host` header says it: lowercase, without the scheme's own port.
  var hostHeader: String {
    let host = authority.lowercased()
    let defaultPort = scheme == "http" ? ":80" : ":443"
    return host.hasSuffix(defaultPort) ? String(host.dropLast(defaultPort.count)) : host
  }
}
