internal import SternaBase

/// Credentials of an EC2 instance's role, from its metadata service (version 2: with a session token, which
/// keeps forged requests of web applications out).
struct InstanceMetadataCredentials: CredentialsProvider {
  let name = "instance metadata"
  private let services: CredentialServices

  /// One attempt of a second: outside of EC2 nobody answers, and every start would wait.
  private static let timeoutMilliseconds = 1_000
  private static let rolesPath = "/latest/meta-data/iam/security-credentials/"

  init(_ services: CredentialServices) { self.services = services }

  func credentials() async throws -> Credentials? {
    if services.process.isTrue("AWS_EC2_METADATA_DISABLED") { return nil }
    let endpoint = try endpoint()
    guard let token = try await sessionToken(endpoint) else { return nil }
    let header = HTTPHeader("x-aws-ec2-metadata-token", token)
    let roles = try await get("\(endpoint)\(Self.rolesPath)", header)
    if roles.status == 404 { return nil }
    let role = roles.body.utf8String?.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    guard roles.status == 200, !role.isEmpty else { throw Self.failed(roles.status) }
    let encoded = PercentEncoding.encode(role, keeping: .standard)
    let response = try await get("\(endpoint)\(Self.rolesPath)\(encoded)", header)
    guard response.status == 200 else { throw Self.failed(response.status) }
    return try CredentialsDocument.parse(
      response.body, subject: "instance metadata service", tokenName: "Token")
  }

  private func endpoint() throws(SternaError) -> S3Endpoint {
    if let text = services.process["AWS_EC2_METADATA_SERVICE_ENDPOINT"] {
      return try S3Endpoint(parsing: text)
    }
    let isIPv6 = services.process["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"]?.lowercased() == "ipv6"
    return S3Endpoint(
      scheme: .http, host: isIPv6 ? "[fd00:ec2::254]" : "169.254.169.254", port: nil, basePath: "")
  }

  /// Nil when nobody answers, or somebody who is not EC2.
  private func sessionToken(_ endpoint: S3Endpoint) async throws -> String? {
    let response: HTTPResponse
    do {
      response = try await services.send(
        "PUT", "\(endpoint)/latest/api/token",
        headers: [HTTPHeader("x-aws-ec2-metadata-token-ttl-seconds", "21600")],
        timeoutMilliseconds: Self.timeoutMilliseconds)
    } catch let error as SternaError where error.code != .cancelled {
      return nil
    }
    guard response.status == 200, let token = response.body.utf8String?.trimmingASCIIWhitespace(),
      !token.isEmpty, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else { return nil }
    return token
  }

  private func get(_ url: String, _ header: HTTPHeader) async throws -> HTTPResponse {
    try await services.send("GET", url, headers: [header], timeoutMilliseconds: Self.timeoutMilliseconds)
  }

  private static func failed(_ status: Int) -> SternaError {
    SternaError(
      .credentials, "the instance metadata service answered \(status)",
      advice: "Check the instance's role, or set AWS_EC2_METADATA_DISABLED=true to use other credentials.",
      retry: status >= 500 || status == 429 ? .transient : .never)
  }
}
