import Logging
import ObjectStore
import S3
import Sterna
import SternaBase

extension Store {
  /// The same place through a client that waits seconds where users' clients wait a minute: for tests of
  /// servers that fall silent.
  func impatient(_ options: StoreOptions, attemptMilliseconds: Int) throws -> Store {
    let environment = Environment.live
    let process = ProcessEnvironment.live()
    let location = try S3StoreURI(parsing: uri)
    let configuration = try S3Configuration(bucket: location.bucket, process: process)
    var settings = CurlSettings(configuration)
    settings.lowSpeedSeconds = 1
    settings.attemptTimeout.baseMilliseconds = attemptMilliseconds
    let transport = CurlTransport(settings: settings, environment: environment)
    let credentials = RefreshingCredentials(
      configuration.credentialsProvider(transport: transport, environment: environment, process: process),
      environment: environment)
    let bucket = S3ObjectStore(
      configuration, credentials: credentials, transport: transport, environment: environment)
    var policy = RetryPolicy()
    policy.attemptCountMax = configuration.attemptCountMax
    let retrying = RetryingObjectStore(
      LimitedObjectStore(
        bucket, maxInFlight: options.requestsInFlightMax, maxBytesInFlight: options.bytesInFlightMax),
      policy: policy, environment: environment)
    return Store(
      uri: uri, objects: PrefixedObjectStore(retrying, prefix: "\(location.prefix)/"),
      endpoint: "\(configuration.endpoint?.description ?? "AWS")/\(location.bucket)", bucket: bucket,
      options: options, environment: environment)
  }
}

extension Logger {
  /// Warnings as lines on stderr.
  static let standardError = Logger(label: "client") { StreamLogHandler.standardError(label: $0) }
}
