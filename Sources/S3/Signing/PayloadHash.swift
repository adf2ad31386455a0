package import SternaBase

/// What a signature says about a request's body.
package enum PayloadHash: Hashable, Sendable {
  /// The body's SHA-256: the server refuses any other body. For a block this is its name, hashed already.
  case digest(SHA256Digest)
  /// The body is not signed; only sensible over TLS.
  case unsigned

  /// The hash of no body at all.
  package static let empty = PayloadHash.digest(SHA256Digest(hashing: Bytes.empty))

  /// How it is written in `x-amz-content-sha256` and in the canonical request.
  package var headerValue: String {
    switch self {
    case .digest(let digest): digest.hex
    case .unsigned: "UNSIGNED-PAYLOAD"
    }
  }
}
