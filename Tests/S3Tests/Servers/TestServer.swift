import Glibc
import ObjectStore
import SternaBase
import TestSupport

@testable import S3

/// The real S3 servers that the environment names (`eval "$(scripts/s3 env)"`), and what is known of each.
enum TestServer: String, CaseIterable {
  /// The referee for correctness.
  case ceph = "STERNA_TEST_CEPH_ENDPOINT"
  /// Fast, and without conditional writes.
  case rclone = "STERNA_TEST_RCLONE_ENDPOINT"
  case moto = "STERNA_TEST_MOTO_ENDPOINT"
  /// Whatever somebody wants to know about: MinIO, AWS, R2, ...
  case other = "STERNA_TEST_S3_ENDPOINT"

  var endpoint: String? { Self.variable(rawValue) }

  /// Where servers are required, a missing one must fail its tests, not hide them.
  var isTested: Bool {
    endpoint != nil || (self != .other && Self.variable("STERNA_TEST_REQUIRE_SERVERS") == "1")
  }

  var quirks: ObjectStoreQuirks {
    switch self {
    case .ceph, .other: []
    // It stores objects as files, writes them in place, and looks names up in any spelling.
    case .rclone:
      [
        .noEmptyComponents, .noDotComponents, .noLongComponents, .noKeyUnderKey, .noConditionalPuts,
        .noAtomicObjects, .noUnicodeSpellings,
      ]
    // Its check and its write are two steps.
    case .moto: [.noConditionalPuts]
    }
  }

  /// A bucket of these tests' own; on a server that somebody else runs, the one that they name.
  var bucket: String {
    self == .other ? Self.variable("STERNA_TEST_S3_BUCKET") ?? Self.ownBucket : Self.ownBucket
  }

  private static let ownBucket = "sterna-\(Environment.live.makeUniqueID().hex.prefix(12))"

  static let accessKeyID = variable("STERNA_TEST_S3_ACCESS_KEY") ?? ""
  private static let secretAccessKey = variable("STERNA_TEST_S3_SECRET_KEY") ?? ""

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  func requireEndpoint() throws -> S3Endpoint {
    guard let endpoint else {
      throw SternaError(
        .unavailable, "\(rawValue) is not set", advice: "Run scripts/s3 start, and eval its env.")
    }
    return try S3Endpoint(parsing: endpoint)
  }

  /// Shared: tests on one server use one pool of connections, as a process does.
  static let transport: CurlTransport = {
    var settings = CurlSettings()
    settings.allowsPlainHTTP = true
    return CurlTransport(settings: settings)
  }()

  /// A store as a user would open it, but for what a test wants wrong.
  func store(
    bucket: String? = nil, secretAccessKey: String = TestServer.secretAccessKey,
    environment: Environment = .live
  ) throws -> S3ObjectStore {
    let credentials = Credentials(
      accessKeyID: Self.accessKeyID, secretAccessKey: Secret(secretAccessKey))
    return S3ObjectStore(
      S3Configuration(bucket: bucket ?? self.bucket, endpoint: try requireEndpoint(), region: "us-east-1"),
      credentials: RefreshingCredentials(StaticCredentials(credentials), environment: environment),
      transport: Self.transport, environment: environment)
  }

  /// The store on its bucket, which exists, with the form of its tags known.
  func preparedStore() async throws -> S3ObjectStore {
    let store = try store()
    try await TestBuckets.shared.create(self)
    return store
  }

  /// Creates the bucket; one that is there already is as good.
  fileprivate func createBucket() async throws {
    var request = HTTPRequest(
      method: "PUT", url: S3URL(endpoint: try requireEndpoint(), bucket: bucket, addressing: .path).bucket()
    )
    SigV4Signer(region: "us-east-1").sign(
      &request, payload: .empty,
      credentials: Credentials(
        accessKeyID: Self.accessKeyID, secretAccessKey: Secret(Self.secretAccessKey)),
      at: Environment.live.now() / 1_000_000_000)
    let response = try await Self.transport.send(request)
    guard [200, 409].contains(response.status) else {
      throw SternaError(.requestFailed, "the test bucket could not be created: status \(response.status)")
    }
  }
}

/// Creates each server's bucket once, for all tests that run at the same time.
actor TestBuckets {
  static let shared = TestBuckets()
  private var creations: [TestServer: Task<Void, any Error>] = [:]

  func create(_ server: TestServer) async throws {
    let creation = creations[server] ?? Task { try await server.createBucket() }
    creations[server] = creation
    try await creation.value
  }
}
