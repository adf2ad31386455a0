import SternaBase
import Synchronization
import TestSupport

@testable import S3

/// Answers requests from a script, so that what the client decides is tested without a network.
final class ScriptedTransport: HTTPTransport {
  typealias Script = @Sendable (_ request: HTTPRequest, _ number: Int) throws -> HTTPResponse

  private let script: Script
  private let seen = Mutex<[HTTPRequest]>([])

  init(_ script: @escaping Script) { self.script = script }

  var requests: [HTTPRequest] { seen.withLock { $0 } }

  func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    let number = seen.withLock { seen in
      seen.append(request)
      return seen.count - 1
    }
    return try script(request, number)
  }
}

/// Hands out numbered credentials: each fetch is visible in the access key id.
final class NumberedCredentials: CredentialsProvider {
  let name = "numbered"
  private let fetches = Mutex(0)

  var fetchCount: Int { fetches.withLock { $0 } }

  func credentials() async throws -> Credentials? {
    let number = fetches.withLock { count in
      count += 1
      return count
    }
    return Credentials(
      accessKeyID: "KEY\(number)", secretAccessKey: Secret("secret"), sessionToken: Secret("token"))
  }
}

extension S3ObjectStore {
  /// A store on a made-up server, in simulated time.
  static func scripted(
    endpoint: String? = "http://localhost:9000", region: String = S3Region.fallback,
    credentials: any CredentialsProvider = NumberedCredentials(),
    multipart: MultipartPolicy = MultipartPolicy(), _ transport: ScriptedTransport
  ) throws -> S3ObjectStore {
    let environment = SimulatedEnvironment().environment
    return S3ObjectStore(
      S3Configuration(
        bucket: "bucket", endpoint: try endpoint.map { try S3Endpoint(parsing: $0) }, region: region),
      credentials: RefreshingCredentials(credentials, environment: environment), transport: transport,
      environment: environment, multipart: multipart)
  }
}

extension HTTPRequest {
  /// The path and query.
  var target: String {
    let afterScheme = url.dropFirst(url.hasPrefix("https://") ? 8 : 7)
    return String(afterScheme[(afterScheme.firstIndex(of: "/") ?? afterScheme.endIndex)...])
  }
}

extension HTTPResponse {
  static func with(_ status: Int, _ headers: [(String, String)] = [], body: String = "") -> HTTPResponse {
    HTTPResponse(
      status: status, headers: headers.map { HTTPHeader($0.0, $0.1) }, body: Bytes(utf8: body))
  }

  static func error(
    _ status: Int, _ code: String, _ headers: [(String, String)] = [], extra: String = ""
  ) -> HTTPResponse {
    .with(status, headers, body: "<Error><Code>\(code)</Code><Message>m</Message>\(extra)</Error>")
  }
}
