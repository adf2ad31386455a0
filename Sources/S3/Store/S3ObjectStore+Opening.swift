package import SternaBase

extension S3ObjectStore {
  /// The store of a configuration, over the network. Nothing is sent, started or read before the first
  /// request.
  ///
  /// - Parameter warn: told what a user should know although the work goes on.
  package convenience init(
    _ configuration: S3Configuration, process: ProcessEnvironment, environment: Environment = .live,
    warn: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    let provider = configuration.credentialsProvider(
      transport: CurlTransport(settings: .credentialServices, environment: environment),
      environment: environment, process: process)
    self.init(
      configuration,
      credentials: RefreshingCredentials(provider, environment: environment, warn: warn),
      transport: CurlTransport(settings: CurlSettings(configuration), environment: environment),
      environment: environment)
  }
}

extension CurlSettings {
  /// Descriptors that are left to the process that we are part of. Without any, not only its own files
  /// fail: libdispatch, which must open one every second, ends the process.
  private static let descriptorsLeftFree = 32

  /// Refuses a process in which the first transfer could be the one that ends it.
  package static func requireDescriptors(
    descriptorCountMax: Int = ProcessLimits.descriptorCountMax
  ) throws(SternaError) {
    guard descriptorCountMax >= descriptorsLeftFree + 2 else {
      throw SternaError(
        .resourceLimit, "this process may open \(descriptorCountMax) files and connections",
        advice: "Raise the limit of open files (ulimit -n) to \(2 * descriptorsLeftFree) or more.")
    }
  }

  /// Transfers at one time in a process of so many descriptors; each may have a second one for a moment.
  static func connectionCount(descriptorCountMax: Int) -> Int {
    max(1, min(CurlSettings().connectionCountMax, (descriptorCountMax - descriptorsLeftFree) / 2))
  }

  /// What a bucket's configuration says about its connections.
  package init(
    _ configuration: S3Configuration, descriptorCountMax: Int = ProcessLimits.descriptorCountMax
  ) {
    self.init()
    connectionCountMax = Self.connectionCount(descriptorCountMax: descriptorCountMax)
    certificateBundlePath = configuration.certificateBundlePath
    // Whether http is acceptable for this very endpoint has been decided with the configuration.
    allowsPlainHTTP = configuration.endpoint?.scheme == .http
  }

  /// For asking a machine's own services for credentials: those of containers and instances speak plain
  /// http on link-local addresses.
  static let credentialServices: CurlSettings = {
    var settings = CurlSettings()
    settings.allowsPlainHTTP = true
    return settings
  }()
}
