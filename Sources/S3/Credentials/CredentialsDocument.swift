internal import SternaBase

/// The JSON in which containers, instances and programs hand out credentials: one form, three dialects.
enum CredentialsDocument {
  /// - Parameter tokenName: `Token` (container, instance) or `SessionToken` (program).
  static func parse(
    _ bytes: Bytes, subject: String, tokenName: String
  ) throws(SternaError) -> Credentials {
    let document: JSONValue
    do {
      document = try JSONValue(parsing: bytes, subject: subject)
    } catch {
      throw invalid(subject, error.message)
    }
    // Instances answer 200 with another code when their role is broken.
    if let code = document["Code"]?.stringValue, code != "Success" {
      throw invalid(subject, "it answers '\(S3Failure.Answer.printable(code, characterCountMax: 64))'")
    }
    guard let id = document["AccessKeyId"]?.stringValue, !id.isEmpty,
      let secret = document["SecretAccessKey"]?.stringValue, !secret.isEmpty
    else { throw invalid(subject, "AccessKeyId or SecretAccessKey is missing") }
    return Credentials(
      accessKeyID: id, secretAccessKey: Secret(secret),
      sessionToken: document[tokenName]?.stringValue.map { Secret($0) },
      expiresAtUnixSeconds: try expiry(document, subject))
  }

  private static func expiry(_ document: JSONValue, _ subject: String) throws(SternaError) -> Int64? {
    guard let value = document["Expiration"], value != .null else { return nil }
    guard let text = value.stringValue, let time = UTCTime(iso8601: text) else {
      throw invalid(subject, "Expiration is no time")
    }
    return time.unixSeconds
  }

  /// Never repeats the document: it holds the secret.
  private static func invalid(_ subject: String, _ reason: String) -> SternaError {
    SternaError(
      .credentials, "no credentials from the \(subject): \(reason)",
      advice: "Check the service or program that provides the credentials.")
  }
}
