package import SternaBase

/// What `s3://...` says: a bucket, a prefix in it, and in ArcticDB's form also options.
///
///     s3://bucket/prefix                                        the form to use
///     s3://HOST:BUCKET?port=..&access=..&secret=..&path_prefix=..     ArcticDB's: only it has a colon
///     s3s://HOST:BUCKET?...                                     the same over TLS
package struct S3StoreURI: Hashable, Sendable {
  package var bucket: String
  /// Without slashes at its ends; empty: the whole bucket.
  package var prefix: String
  /// What the URI itself says; a user's own options go before.
  package var options: S3Options
  /// What the user should be told, as full sentences.
  package var warnings: [String]

  /// Whether a URI is S3's to read.
  package static func isS3(_ uri: String) -> Bool { uri.hasPrefix("s3://") || uri.hasPrefix("s3s://") }

  /// - Throws: `invalidArgument`. It repeats no part of the URI that may be a secret.
  package init(parsing uri: String) throws(SternaError) {
    guard Self.isS3(uri), let start = uri.firstRange(of: "://")?.upperBound else {
      throw Self.invalid(uri, "it does not start with s3://")
    }
    let rest = uri[start...]
    let place = rest.prefix { $0 != "?" }
    guard place.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
      throw Self.invalid(uri, "it holds a control character")
    }
    let bucketOrHost = place.prefix { $0 != "/" }
    if bucketOrHost.contains(":") {
      try self.init(arctic: place, query: rest[place.endIndex...].dropFirst(), uri: uri)
      return
    }
    guard uri.hasPrefix("s3://") else { throw Self.invalid(uri, "s3s:// needs HOST:BUCKET") }
    guard place.endIndex == rest.endIndex else {
      throw Self.invalid(uri, "options do not belong behind a question mark here")
    }
    guard !bucketOrHost.isEmpty else { throw Self.invalid(uri, "the bucket is missing") }
    self.init(
      bucket: String(bucketOrHost), prefix: Self.trimmingSlashes(place[bucketOrHost.endIndex...]),
      options: S3Options(), warnings: [])
  }

  init(bucket: String, prefix: String, options: S3Options, warnings: [String]) {
    self.bucket = bucket
    self.prefix = prefix
    self.options = options
    self.warnings = warnings
  }

  static func trimmingSlashes(_ text: some StringProtocol) -> String {
    let bytes = Array(text.utf8.drop { $0 == UInt8(ascii: "/") })
    let end = bytes.lastIndex { $0 != UInt8(ascii: "/") }.map { $0 + 1 } ?? 0
    return String(decoding: bytes[..<end], as: UTF8.self)
  }

  static func invalid(_ uri: String, _ reason: String) -> SternaError {
    // Before an "@" and behind a question mark stand secrets.
    let shown = uri.contains("@") ? "(hidden)" : String(uri.prefix { $0 != "?" })
    return SternaError(
      .invalidArgument, "URI '\(shown)' is not valid: \(reason)",
      advice: "Write s3://bucket/prefix, and give endpoint, region and credentials as options.")
  }
}
