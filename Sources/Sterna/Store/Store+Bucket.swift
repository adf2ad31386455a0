import Logging
import ObjectStore
import S3
import SternaBase

extension Store {
  /// A store in a bucket: the S3 adapter under limits, and those under retries, so that a pause between two
  /// attempts holds no place in the queue.
  static func openBucket(
    _ uri: String, options: StoreOptions, process: ProcessEnvironment, environment: Environment
  ) throws(SternaError) -> Store {
    let location = try S3StoreURI(parsing: uri)
    try CurlSettings.requireDescriptors()
    for warning in location.warnings { options.logger.warning("\(warning)") }
    let configuration = try S3Configuration(
      bucket: location.bucket, options: S3Options(options, orElse: location.options), process: process)
    let logger = options.logger
    let bucket = S3ObjectStore(
      configuration, process: process, environment: environment, warn: { logger.warning("\($0)") })
    var policy = RetryPolicy()
    policy.attemptCountMax = configuration.attemptCountMax
    let retrying = RetryingObjectStore(options.limiting(bucket), policy: policy, environment: environment)
    let endpoint = configuration.endpoint?.description ?? "AWS"
    return Store(
      uri: "s3://\(location.bucket)" + (location.prefix.isEmpty ? "" : "/\(location.prefix)"),
      objects: location.prefix.isEmpty
        ? retrying : PrefixedObjectStore(retrying, prefix: "\(location.prefix)/"),
      endpoint: "\(endpoint)/\(location.bucket)", bucket: bucket, options: options,
      environment: environment)
  }
}

extension S3Options {
  /// What the user says, then what the URI says.
  fileprivate init(_ options: StoreOptions, orElse fallback: S3Options) {
    self = fallback
    endpoint = options.endpoint ?? fallback.endpoint
    region = options.region ?? fallback.region
    profile = options.profile ?? fallback.profile
    if options.accessKeyID != nil || options.secretAccessKey != nil || options.sessionToken != nil {
      accessKeyID = options.accessKeyID
      secretAccessKey = options.secretAccessKey.map { Secret($0) }
      sessionToken = options.sessionToken.map { Secret($0) }
    }
    switch options.addressing {
    case .auto: break
    case .path: addressing = .path
    case .virtual: addressing = .virtual
    }
    caBundle = options.certificateAuthorityFile ?? fallback.caBundle
    allowHTTP = options.allowsPlainHTTP || fallback.allowHTTP
  }
}
