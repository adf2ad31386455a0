internal import SternaBase

/// Credentials of an ECS task or EKS pod, from the agent beside the container.
struct ContainerCredentials: CredentialsProvider {
  let name = "container"
  private let services: CredentialServices

  private static let timeoutMilliseconds = 2_000
  /// The agents of ECS and EKS, in clear text but never beyond the host.
  private static let agentHosts: Set<String> = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"]

  init(_ services: CredentialServices) { self.services = services }

  func credentials() async throws -> Credentials? {
    guard let url = try url() else { return nil }
    let headers = try authorization().map { [HTTPHeader("Authorization", $0)] } ?? []
    let response = try await services.send(
      "GET", url, headers: headers, timeoutMilliseconds: Self.timeoutMilliseconds)
    guard response.status == 200 else {
      throw SternaError(
        .credentials, "the container's credential service answered \(response.status)",
        advice: "Check the role of the task or pod.",
        retry: response.status >= 500 || response.status == 429 ? .transient : .never)
    }
    return try CredentialsDocument.parse(
      response.body, subject: "container's credential service", tokenName: "Token")
  }

  /// Where to ask, or nil outside of containers.
  func url() throws(SternaError) -> String? {
    if let path = services.process["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] {
      guard path.hasPrefix("/"), Self.isWritten(path) else {
        throw Self.refused("RELATIVE", "it is not a path")
      }
      return "http://169.254.170.2" + path
    }
    guard let text = services.process["AWS_CONTAINER_CREDENTIALS_FULL_URI"] else { return nil }
    let parts = RequestURLParts(text)
    guard Self.isWritten(text), let endpoint = try? S3Endpoint(parsing: parts.origin) else {
      throw Self.refused("FULL", "it is not a URL")
    }
    // The answer is a secret and the request carries a token: neither may cross a network in clear text.
    guard endpoint.scheme == .https || endpoint.isLoopback || Self.agentHosts.contains(endpoint.host) else {
      throw Self.refused("FULL", "http is allowed only to this machine and to the agents of ECS and EKS")
    }
    // Put together again from what was checked, so that nothing else is asked.
    return "\(endpoint)\(parts.path)" + (parts.query.isEmpty ? "" : "?\(parts.query)")
  }

  private func authorization() throws(SternaError) -> String? {
    if let path = services.process["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] {
      return try services.readToken(path)
    }
    guard let token = services.process["AWS_CONTAINER_AUTHORIZATION_TOKEN"] else { return nil }
    guard token.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
      throw SternaError(
        .credentials, "AWS_CONTAINER_AUTHORIZATION_TOKEN holds a control character",
        advice: "Correct the variable: a line end in it would add headers to the request.")
    }
    return token
  }

  private static func isWritten(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }
  }

  private static func refused(_ kind: String, _ reason: String) -> SternaError {
    SternaError(
      .credentials, "AWS_CONTAINER_CREDENTIALS_\(kind)_URI is refused: \(reason)",
      advice: "Correct the variable, or unset it to use other credentials.")
  }
}
