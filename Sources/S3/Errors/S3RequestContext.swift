package import ObjectStore

/// What is known of a request when its answer is judged.
package struct S3RequestContext: Sendable {
  package var operation: S3Operation
  package var bucket: String
  package var key: String?
  /// The condition of a put.
  package var mode: PutMode
  package var endpoint: S3Endpoint
  /// The region that the request was signed for.
  package var region: String
  /// The time that the request was signed with, in seconds since 1970.
  package var signedAtUnixSeconds: Int64
  /// Whether the credentials can expire.
  package var usesSessionToken: Bool

  package init(
    operation: S3Operation, bucket: String, key: String? = nil, mode: PutMode = .overwrite,
    endpoint: S3Endpoint, region: String, signedAtUnixSeconds: Int64, usesSessionToken: Bool = false
  ) {
    self.operation = operation
    self.bucket = bucket
    self.key = key
    self.mode = mode
    self.endpoint = endpoint
    self.region = region
    self.signedAtUnixSeconds = signedAtUnixSeconds
    self.usesSessionToken = usesSessionToken
  }

  var isConditional: Bool { mode != .overwrite }
}
