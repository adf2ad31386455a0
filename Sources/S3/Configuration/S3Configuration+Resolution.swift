package import SternaBase

extension S3Configuration {
  /// Settles each value by its precedence: option, then environment, then profile, then a default.
  ///
  /// - Throws: `invalidArgument` or `credentials`, naming the option or variable that is wrong.
  package init(
    bucket: String, options: S3Options = S3Options(), process: ProcessEnvironment
  ) throws(SternaError) {
    guard Self.isValid(bucket: bucket) else {
      throw SternaError(
        .invalidArgument, "'\(bucket)' is not the name of a bucket",
        advice: "Use 3 to 63 lowercase letters, digits, dots and hyphens.")
    }
    let credentials = try Self.credentials(options)
    let profile = try Self.profile(options, credentials, process)
    let endpoint = try Self.endpoint(options, profile, process)
    let region =
      options.region ?? process["AWS_REGION"] ?? process["AWS_DEFAULT_REGION"] ?? profile?["region"]
      ?? S3Region.fallback
    guard S3Region.isValid(region) else {
      throw S3Options.invalid("region", region, "a name such as eu-central-1")
    }
    let addressing = try Self.addressing(options, profile)
    if let endpoint, addressing == .virtual, endpoint.isIPAddress {
      throw SternaError(
        .invalidArgument, "virtual addressing needs a host name, and \(endpoint) is an address",
        advice: "Set addressing to path.")
    }
    self.init(
      bucket: bucket, endpoint: endpoint, region: region, addressing: addressing, credentials: credentials,
      certificateBundlePath: (options.caBundle ?? process["AWS_CA_BUNDLE"] ?? profile?["ca_bundle"]
        ?? process["SSL_CERT_FILE"]).map(process.expandingHome),
      allowsPlainHTTP: options.allowHTTP,
      attemptCountMax: try Self.attemptCountMax(options, profile, process),
      retryMode: try Self.retryMode(profile, process))
  }

  /// AWS allows lowercase only; others also took capitals and underscores. What is accepted is safe in a
  /// URL.
  private static func isValid(bucket: String) -> Bool {
    (3...255).contains(bucket.utf8.count)
      && bucket.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      } && !bucket.hasPrefix(".") && !bucket.hasPrefix("-")
  }

  private static func credentials(_ options: S3Options) throws(SternaError) -> CredentialsSource {
    switch (options.accessKeyID, options.secretAccessKey) {
    case (let id?, let secret?):
      return .fixed(
        Credentials(accessKeyID: id, secretAccessKey: secret, sessionToken: options.sessionToken))
    case (nil, nil):
      guard options.sessionToken == nil else { fallthrough }
      return .chain(profile: options.profile)
    default:
      throw SternaError(
        .credentials, "access_key_id, secret_access_key or both are missing",
        advice: "Give both access_key_id and secret_access_key, and session_token with temporary ones only."
      )
    }
  }

  /// With keys as options a broken profile is nobody's concern.
  private static func profile(
    _ options: S3Options, _ credentials: CredentialsSource, _ process: ProcessEnvironment
  ) throws(SternaError) -> Profile? {
    if case .fixed = credentials, options.profile == nil { return try? Profile.load(nil, process) }
    return try Profile.load(options.profile, process)
  }

  private static func endpoint(
    _ options: S3Options, _ profile: Profile?, _ process: ProcessEnvironment
  ) throws(SternaError) -> S3Endpoint? {
    let fromEnvironment =
      process.isTrue("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
      ? nil : process["AWS_ENDPOINT_URL_S3"] ?? process["AWS_ENDPOINT_URL"] ?? profile?.s3EndpointURL
    guard let text = options.endpoint ?? fromEnvironment else { return nil }
    let endpoint = try S3Endpoint(parsing: text)
    guard endpoint.scheme == .https || endpoint.isLoopback || options.allowHTTP else {
      throw SternaError(
        .invalidArgument, "endpoint \(endpoint) is plain http to another machine",
        advice: "Use https://, or set allow_http to send data unencrypted.")
    }
    return endpoint
  }

  private static func addressing(
    _ options: S3Options, _ profile: Profile?
  ) throws(SternaError) -> S3Addressing {
    if let addressing = options.addressing { return addressing }
    guard let text = profile?.s3Setting("addressing_style") else { return .auto }
    guard let addressing = S3Addressing(rawValue: text.lowercased()) else {
      throw S3Options.invalid("addressing_style", text, "auto, path or virtual")
    }
    return addressing
  }

  private static func attemptCountMax(
    _ options: S3Options, _ profile: Profile?, _ process: ProcessEnvironment
  ) throws(SternaError) -> Int {
    if let count = options.maxAttempts {
      guard (1...100).contains(count) else {
        throw S3Options.invalid("max_attempts", String(count), "a number of 1 to 100")
      }
      return count
    }
    guard let text = process["AWS_MAX_ATTEMPTS"] ?? profile?["max_attempts"] else {
      return attemptCountMaxStandard
    }
    return try S3Options.attemptCount("AWS_MAX_ATTEMPTS", text)
  }

  private static func retryMode(
    _ profile: Profile?, _ process: ProcessEnvironment
  ) throws(SternaError) -> RetryMode {
    guard let text = process["AWS_RETRY_MODE"] ?? profile?["retry_mode"] else { return .standard }
    guard let mode = RetryMode(rawValue: text.lowercased()) else {
      throw S3Options.invalid("AWS_RETRY_MODE", text, "legacy, standard or adaptive")
    }
    return mode
  }
}
