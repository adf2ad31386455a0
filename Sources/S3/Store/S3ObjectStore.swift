internal import ObjectStore
package import SternaBase

/// Objects in an S3 bucket, of AWS or of any server that speaks its protocol.
///
/// It makes one attempt at a request (see `S3Client` for what it mends); retries, limits and caching are
/// decorators. Where servers differ from AWS, the line that copes says which server and how.
///
/// Creating one sends nothing.
package final class S3ObjectStore: ObjectStore {
  let client: S3Client
  let environment: Environment
  let multipart: MultipartPolicy

  package init(
    _ configuration: S3Configuration, credentials: RefreshingCredentials, transport: any HTTPTransport,
    environment: Environment = .live, multipart: MultipartPolicy = MultipartPolicy()
  ) {
    self.client = S3Client(
      configuration, credentials: credentials, transport: transport, environment: environment)
    self.environment = environment
    self.multipart = multipart
  }

  /// The server's clock minus this machine's, in seconds; nil before the first answer.
  package var serverClockOffsetSeconds: Int64? { client.withState { $0.serverClockOffsetSeconds } }

  /// The region that requests are signed for: the configured one, until an answer corrects it.
  package var region: String { client.withState { $0.signer.region } }

  /// Where requests go: scheme, host and port.
  package var endpointDescription: String { client.endpointDescription }

  /// Fetches credentials where there are none yet, and tells what they came from: "environment",
  /// "profile 'dev'".
  package func credentialsSource() async throws -> String { try await client.credentialsSource() }

  /// How the server wants tags in `If-Match`; nil until a conditional put has shown it.
  package var eTagForm: ETagForm? { client.withState { $0.eTagForm } }

  /// A URL with which anyone can read an object until it expires, without credentials.
  package func presignedURL(reading key: String, expiresInSeconds: Int) async throws -> String {
    try await client.presign(S3Request(.getObject, key: key), expiresInSeconds: expiresInSeconds)
  }
}
