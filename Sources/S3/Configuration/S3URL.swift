internal import SternaBase

/// Builds the URLs of one bucket: the one place where keys and queries are percent-encoded.
///
/// Nothing is normalised: `a//b`, `./a` and `../a` are keys like any others, and a signature covers the
/// bytes that are sent.
package struct S3URL: Hashable, Sendable {
  /// What stands in front of `/key`; without a slash at the end.
  private let base: String
  /// Behind `base` when there is no key: a host alone needs a path, a path does not need another slash.
  private let bucketPath: String

  package init(endpoint: S3Endpoint, bucket: String, addressing: S3Addressing = .auto) {
    if addressing.putsBucketInHost(bucket, endpoint: endpoint) {
      base = "\(endpoint.scheme)://\(bucket).\(endpoint.authority)\(endpoint.basePath)"
      bucketPath = "/"
    } else {
      base = "\(endpoint)/\(PercentEncoding.encode(bucket, keeping: .standard))"
      bucketPath = ""
    }
  }

  /// The bucket itself: listing, deleting many, asking for its region.
  package func bucket(_ query: [QueryItem] = []) -> String { base + bucketPath + Self.suffix(query) }

  package func object(_ key: String, _ query: [QueryItem] = []) -> String {
    base + "/" + PercentEncoding.encode(key, keeping: .path) + Self.suffix(query)
  }

  /// How `x-amz-copy-source` names an object: the header is decoded like a path, so it is encoded like one.
  static func copySource(_ key: String, in bucket: String) -> String {
    PercentEncoding.encode(bucket, keeping: .standard) + "/" + PercentEncoding.encode(key, keeping: .path)
  }

  private static func suffix(_ query: [QueryItem]) -> String {
    query.isEmpty ? "" : "?" + QueryItem.encode(query)
  }
}
