internal import SternaBase

/// Credentials for a token of an identity provider (Kubernetes service accounts, CI systems), exchanged at
/// the security token service.
struct WebIdentityCredentials: CredentialsProvider {
  let name = "web identity"
  private let services: CredentialServices
  private let settings: Settings?

  /// Where the token is and which role it is for.
  struct Settings: Hashable, Sendable {
    var tokenPath: String
    var roleARN: String
    var sessionName: String?
  }

  private static let timeoutMilliseconds = 10_000

  /// Configured by AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN.
  init(_ services: CredentialServices) {
    let settings = services.process["AWS_WEB_IDENTITY_TOKEN_FILE"].map { path in
      Settings(
        tokenPath: path, roleARN: services.process["AWS_ROLE_ARN"] ?? "",
        sessionName: services.process["AWS_ROLE_SESSION_NAME"])
    }
    self.init(services, settings)
  }

  init(_ services: CredentialServices, _ settings: Settings?) {
    self.services = services
    self.settings = settings
  }

  func credentials() async throws -> Credentials? {
    guard let settings else { return nil }
    guard !settings.roleARN.isEmpty else {
      throw SternaError(
        .credentials, "AWS_WEB_IDENTITY_TOKEN_FILE is set, but AWS_ROLE_ARN is not",
        advice: "Set AWS_ROLE_ARN to the role that the token is for.")
    }
    // Read anew each time: whoever mounts the file replaces it before the token expires.
    let token = try services.readToken(settings.tokenPath)
    let form = QueryItem.encode([
      QueryItem("Action", "AssumeRoleWithWebIdentity"), QueryItem("Version", "2011-06-15"),
      QueryItem("RoleArn", settings.roleARN),
      QueryItem("RoleSessionName", settings.sessionName ?? "sterna-\(services.environment.makeUniqueID())"),
      QueryItem("WebIdentityToken", token),
    ])
    let response = try await services.send(
      "POST", "\(try endpoint())/",
      headers: [HTTPHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
      body: Bytes(utf8: form), timeoutMilliseconds: Self.timeoutMilliseconds)
    guard response.status == 200 else { throw Self.failed(response) }
    return try WebIdentityResult.parse(response.body)
  }

  /// The request carries the identity's token, so clear text is refused beyond this machine.
  private func endpoint() throws(SternaError) -> S3Endpoint {
    guard let text = services.process["AWS_ENDPOINT_URL_STS"] else {
      return .securityTokenService(services.region)
    }
    let endpoint = try S3Endpoint(parsing: text)
    guard endpoint.scheme == .https || endpoint.isLoopback else {
      throw SternaError(
        .credentials, "AWS_ENDPOINT_URL_STS is refused: the token would cross the network in clear text",
        advice: "Use an https:// endpoint.")
    }
    return endpoint
  }

  private static func failed(_ response: HTTPResponse) -> SternaError {
    let body = ServiceErrorBody(response.body)
    let said = body.map { ": " + S3Failure.Answer.printable($0.message, characterCountMax: 300) } ?? ""
    return SternaError(
      .credentials, "the security token service answered \(response.status)\(said)",
      advice: "Check the role's trust policy and that the identity's token has not expired.",
      retry: response.status >= 500 || response.status == 429 ? .transient : .never
    ).with {
      $0.httpStatus = response.status
      $0.providerCode = body?.code
    }
  }
}

extension S3Endpoint {
  fileprivate static func securityTokenService(_ region: String) -> S3Endpoint {
    let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
    return S3Endpoint(scheme: .https, host: "sts.\(region).\(domain)", port: nil, basePath: "")
  }
}
