/// Where the bucket's name goes in a URL.
package enum S3Addressing: String, Hashable, Sendable, CaseIterable {
  /// Virtual on AWS for buckets whose name may be a host name under its certificate, path everywhere else.
  case auto
  /// `https://host/bucket/key`: what nearly every self-hosted server answers to.
  case path
  /// `https://bucket.host/key`: what AWS wants; it needs DNS and a certificate for the bucket's host.
  case virtual

  func putsBucketInHost(_ bucket: String, endpoint: S3Endpoint) -> Bool {
    switch self {
    case .path: false
    case .virtual: true
    case .auto: endpoint.isAWS && endpoint.port == nil && Self.isHostLabel(bucket)
    }
  }

  /// Whether a bucket's name is one label of a host name. A dot would leave the wildcard of the
  /// certificate.
  static func isHostLabel(_ bucket: String) -> Bool {
    (3...63).contains(bucket.utf8.count) && !bucket.contains("_") && !bucket.contains(".")
      && S3Endpoint.isHostName(bucket[...])
  }
}
