import SternaBase
import Synchronization

@testable import S3

/// Answers requests by a function of the request, and remembers them.
final class ServiceDouble: HTTPTransport {
  private let answer: @Sendable (HTTPRequest) throws -> HTTPResponse
  private let received = Mutex<[HTTPRequest]>([])

  init(_ answer: @escaping @Sendable (HTTPRequest) throws -> HTTPResponse) { self.answer = answer }

  var requests: [HTTPRequest] { received.withLock { $0 } }

  func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    received.withLock { $0.append(request) }
    return try answer(request)
  }

  static let unreachable = ServiceDouble { _ in throw SternaError(.unavailable, "connection refused") }
}

extension HTTPResponse {
  static func text(_ text: String, status: Int = 200) -> HTTPResponse {
    HTTPResponse(status: status, body: Bytes(utf8: text))
  }
}

extension HTTPRequest {
  func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}

extension ProcessEnvironment {
  /// Variables and files in memory.
  static func double(_ variables: [String: String] = [:], files: [String: String] = [:])
    -> ProcessEnvironment
  {
    ProcessEnvironment(
      variables: variables, readFile: { (path) throws(SternaError) in files[path].map { Bytes(utf8: $0) } })
  }
}

extension CredentialServices {
  static func double(
    _ process: ProcessEnvironment = .double(), transport: any HTTPTransport = ServiceDouble.unreachable,
    region: String = "eu-west-1"
  ) -> CredentialServices {
    CredentialServices(transport: transport, environment: .live, process: process, region: region)
  }
}

extension Credentials {
  static func keys(_ id: String, expires: Int64? = nil) -> Credentials {
    Credentials(accessKeyID: id, secretAccessKey: Secret("s"), expiresAtUnixSeconds: expires)
  }
}
