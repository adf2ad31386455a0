internal import SternaBase

/// A source of credentials.
package protocol CredentialsProvider: Sendable {
  /// What it is, for messages: "environment", "profile 'dev'".
  var name: String { get }

  /// Fetches credentials; asked again when they near their end.
  /// - Returns: nil when this source is not configured here, so that the next one is asked.
  /// - Throws: when it is configured and does not work. Falling through to another identity then would do
  ///   things in the wrong name.
  func credentials() async throws -> Credentials?
}

/// Credentials that were given in the open: options, tests.
package struct StaticCredentials: CredentialsProvider {
  package let name = "options"
  private let value: Credentials

  package init(_ value: Credentials) { self.value = value }

  package func credentials() async throws -> Credentials? { value }
}

/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN.
struct EnvironmentCredentials: CredentialsProvider {
  let name = "environment"
  private let process: ProcessEnvironment

  init(_ process: ProcessEnvironment) { self.process = process }

  func credentials() async throws -> Credentials? {
    let id = process["AWS_ACCESS_KEY_ID"]
    let secret = process["AWS_SECRET_ACCESS_KEY"]
    if id == nil && secret == nil { return nil }
    guard let id, let secret else {
      let missing = id == nil ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY"
      throw SternaError(
        .credentials, "\(missing) is not set, but its counterpart is",
        advice: "Set both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or neither.")
    }
    return Credentials(
      accessKeyID: id, secretAccessKey: Secret(secret),
      sessionToken: process["AWS_SESSION_TOKEN"].map { Secret($0) })
  }
}
