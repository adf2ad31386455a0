/// What signs a request: an access key, its secret, and for temporary ones a token and an end.
package struct Credentials: Hashable, Sendable {
  /// Names the secret; servers and logs see it.
  package var accessKeyID: String
  package var secretAccessKey: Secret
  /// Present with temporary credentials; sent along and signed.
  package var sessionToken: Secret?
  /// Seconds since 1970 from which on they are refused; nil: they do not expire.
  package var expiresAtUnixSeconds: Int64?

  package init(
    accessKeyID: String, secretAccessKey: Secret, sessionToken: Secret? = nil,
    expiresAtUnixSeconds: Int64? = nil
  ) {
    self.accessKeyID = accessKeyID
    self.secretAccessKey = secretAccessKey
    self.sessionToken = sessionToken
    self.expiresAtUnixSeconds = expiresAtUnixSeconds
  }
}
