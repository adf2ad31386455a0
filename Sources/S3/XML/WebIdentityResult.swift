package import SternaBase

/// The answer to AssumeRoleWithWebIdentity.
package enum WebIdentityResult {
  /// Reads the temporary credentials.
  package static func parse(_ body: Bytes) throws(SternaError) -> Credentials {
    var xml = try XMLScanner(body, subject: "answer to AssumeRoleWithWebIdentity")
    try xml.enterRoot("AssumeRoleWithWebIdentityResponse")
    var fields: [String: String] = [:]
    while let name = try xml.nextChild() {
      guard name == "AssumeRoleWithWebIdentityResult" else {
        try xml.skip()
        continue
      }
      while let name = try xml.nextChild() {
        if name == "Credentials" { fields = try parseFields(&xml) } else { try xml.skip() }
      }
    }
    try xml.finish()
    guard let id = fields["AccessKeyId"], let secret = fields["SecretAccessKey"],
      let token = fields["SessionToken"],
      let expiry = fields["Expiration"].flatMap({ UTCTime(iso8601: $0) })
    else { throw xml.malformed("credentials are incomplete") }
    return Credentials(
      accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: Secret(token),
      expiresAtUnixSeconds: expiry.unixSeconds)
  }

  private static func parseFields(_ xml: inout XMLScanner) throws(SternaError) -> [String: String] {
    var fields: [String: String] = [:]
    while let name = try xml.nextChild() { fields[name] = try xml.text() }
    return fields
  }
}
