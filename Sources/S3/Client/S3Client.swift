internal import ObjectStore
internal import SternaBase
internal import Synchronization

/// Sends requests to one bucket: signs each attempt anew, and mends what a refusal shows to be wrong.
///
///     request -> sign (time, region, credentials) -> transport -> answer
///                  ^                                               |
///                  '-- once more with offset / region / new keys --'   (a mend, each kind once)
///
/// It does not wait and try again: that is a decorator's work, which sees every error that leaves here.
package final class S3Client: Sendable {
  let bucket: String
  private let addressing: S3Addressing
  /// Nil: AWS's own, of the region.
  private let endpoint: S3Endpoint?
  private let credentials: RefreshingCredentials
  private let transport: any HTTPTransport
  private let environment: Environment
  private let state: Mutex<S3ServerState>

  init(
    _ configuration: S3Configuration, credentials: RefreshingCredentials, transport: any HTTPTransport,
    environment: Environment
  ) {
    self.bucket = configuration.bucket
    self.addressing = configuration.addressing
    self.endpoint = configuration.endpoint
    self.credentials = credentials
    self.transport = transport
    self.environment = environment
    self.state = Mutex(S3ServerState(signer: SigV4Signer(region: configuration.region)))
  }

  /// Reads or changes what is known of the server.
  func withState<Result: Sendable>(_ body: (inout sending S3ServerState) -> sending Result) -> Result {
    state.withLock(body)
  }

  /// - Throws: what a refusal means. An answer that is returned has a status of success.
  func send(_ request: S3Request) async throws -> HTTPResponse {
    var mended: Set<MendKind> = []
    var attemptCount = 0
    while true {
      let attempt = try await sign(request)
      attemptCount += 1
      let response = try await transmit(attempt)
      if (200..<300).contains(response.status) { return response }
      let failure = S3Failure(response, context: attempt.context)
      if let kind = MendKind(failure.mend), mended.insert(kind).inserted {
        guard try await apply(failure.mend, to: attempt) else { throw failure.error }
      } else if let attemptCountMax = failure.attemptCountMax {
        // The decorator knows no limit of its own for this failure: it is spent here.
        guard attemptCount < attemptCountMax else { throw failure.error.with { $0.retry = .never } }
      } else {
        throw failure.error
      }
    }
  }

  /// The error of a refusal that came in the body of an answer of success.
  func error(_ body: ServiceErrorBody, in request: S3Request) async throws -> SternaError {
    S3Failure(body, context: try await sign(request).context).error
  }

  /// Where requests go, for people.
  var endpointDescription: String {
    bucketEndpoint(region: withState { $0.signer.region }).description
  }

  /// Fetches credentials where there are none yet, and tells what they came from.
  func credentialsSource() async throws -> String {
    _ = try await credentials.credentials()
    return credentials.sourceName
  }

  /// A URL that gives whoever holds it this one request, until it expires.
  func presign(_ request: S3Request, expiresInSeconds: Int) async throws -> String {
    let keys = try await credentials.credentials()
    let (signer, now) = withState { ($0.signer, localUnixSeconds + $0.clockOffsetSeconds) }
    let http = HTTPRequest(
      method: request.operation.method, url: request.url(bucketURL(region: signer.region)),
      headers: request.headers)
    return try signer.presignedURL(
      for: http, credentials: keys, at: now, expiresInSeconds: expiresInSeconds)
  }

  // MARK: One attempt

  /// A signed request, and with what it was signed.
  private struct Attempt {
    var http: HTTPRequest
    var context: S3RequestContext
    var credentials: Credentials
    var clockOffsetSeconds: Int64
  }

  private var localUnixSeconds: Int64 { environment.now() / 1_000_000_000 }

  private func bucketEndpoint(region: String) -> S3Endpoint { endpoint ?? .aws(region: region) }

  private func bucketURL(region: String) -> S3URL {
    S3URL(endpoint: bucketEndpoint(region: region), bucket: bucket, addressing: addressing)
  }

  private func sign(_ request: S3Request) async throws -> Attempt {
    let keys = try await credentials.credentials()
    let (signer, offset) = withState { ($0.signer, $0.clockOffsetSeconds) }
    let now = localUnixSeconds + offset
    var http = HTTPRequest(
      method: request.operation.method, url: request.url(bucketURL(region: signer.region)),
      headers: request.headers, body: request.body, responseByteCountMax: request.responseByteCountMax,
      timeoutMilliseconds: request.timeoutMilliseconds)
    http.isIdempotent = request.operation == .copyObject
    signer.sign(&http, payload: request.payload, credentials: keys, at: now)
    let context = S3RequestContext(
      operation: request.operation, bucket: bucket, key: request.key, mode: request.mode,
      endpoint: bucketEndpoint(region: signer.region), region: signer.region, signedAtUnixSeconds: now,
      usesSessionToken: keys.sessionToken != nil)
    return Attempt(http: http, context: context, credentials: keys, clockOffsetSeconds: offset)
  }

  private func transmit(_ attempt: Attempt) async throws -> HTTPResponse {
    do {
      let response = try await transport.send(attempt.http)
      if let date = response.header("date") {
        let now = localUnixSeconds
        withState { $0.note(date: date, localUnixSeconds: now) }
      }
      return response
    } catch let error as SternaError {
      throw error.with { $0.key = attempt.context.key }
    }
  }

  // MARK: Mending

  /// What is mended at most once for a request, whatever the value.
  private enum MendKind {
    case clock, credentials, region

    init?(_ mend: Mend) {
      switch mend {
      case .none: return nil
      case .clock: self = .clock
      case .credentials: self = .credentials
      case .region: self = .region
      }
    }
  }

  /// - Returns: false when nothing could be changed, so that the same request would fail again.
  private func apply(_ mend: Mend, to attempt: Attempt) async throws -> Bool {
    switch mend {
    case .none: return false
    case .clock(let seconds):
      // The offset is that from the time of the signature, which may have been corrected before.
      withState { $0.clockOffsetSeconds = attempt.clockOffsetSeconds &+ seconds }
      return true
    case .region(let region):
      withState { $0.signer.region = region }
      return true
    case .credentials: return try await credentials.replacement(for: attempt.credentials) != nil
    }
  }
}
