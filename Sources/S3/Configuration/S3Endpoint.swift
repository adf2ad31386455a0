/// Where an S3 service answers: scheme, host, port, and the path that its API lies under, if any.
package struct S3Endpoint: Hashable, Sendable {
  package enum Scheme: String, Hashable, Sendable { case http, https }

  package let scheme: Scheme
  /// Lowercase; an IPv6 address keeps its brackets.
  package let host: String
  /// Nil: the scheme's own.
  package let port: Int?
  /// Empty, or encoded as it was given, with a slash in front and none at the end.
  package let basePath: String

  /// AWS's own endpoint of a region.
  package static func aws(region: String) -> S3Endpoint {
    let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
    return S3Endpoint(scheme: .https, host: "s3.\(region).\(domain)", port: nil, basePath: "")
  }

  init(scheme: Scheme, host: String, port: Int?, basePath: String) {
    self.scheme = scheme
    self.host = host
    self.port = port
    self.basePath = basePath
  }

  /// `host`, or `host:port` where the port is not the scheme's own.
  package var authority: String { port.map { "\(host):\($0)" } ?? host }

  package var isAWS: Bool { host.hasSuffix(".amazonaws.com") || host.hasSuffix(".amazonaws.com.cn") }

  package var isIPAddress: Bool { host.hasPrefix("[") || Self.ipv4Bytes(host) != nil }

  /// Whether what is sent there never leaves the machine. Only what cannot mean anything else counts.
  package var isLoopback: Bool {
    host == "localhost" || host.hasSuffix(".localhost") || host == "[::1]"
      || Self.ipv4Bytes(host)?.first == 127
  }

  static func ipv4Bytes(_ host: String) -> [UInt8]? {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    let bytes = parts.compactMap { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt8($0) : nil }
    return parts.count == 4 && bytes.count == 4 ? bytes : nil
  }
}

extension S3Endpoint: CustomStringConvertible {
  package var description: String { "\(scheme)://\(authority)\(basePath)" }
}
