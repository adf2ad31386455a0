package import SternaBase

/// Everything that is settled about a bucket before the first request.
///
/// Printing it shows no secret: `Secret` sees to that.
package struct S3Configuration: Hashable, Sendable {
  package var bucket: String
  /// Nil: AWS's own, of whichever region turns out to be the bucket's.
  package var endpoint: S3Endpoint?
  package var region: String
  package var addressing: S3Addressing
  package var credentials: CredentialsSource
  /// PEM file of trusted authorities; nil: those of the system.
  package var certificateBundlePath: String?
  /// Whether http to other machines than this one is allowed.
  package var allowsPlainHTTP: Bool
  package var attemptCountMax: Int
  package var retryMode: RetryMode

  package enum CredentialsSource: Hashable, Sendable {
    case fixed(Credentials)
    /// The sources that AWS users expect; only the named profile where there is a name.
    case chain(profile: String?)
  }

  /// AWS_RETRY_MODE.
  package enum RetryMode: String, Hashable, Sendable, CaseIterable {
    case legacy, standard
    /// Also slows down requests that are not retries while the server asks for less load.
    case adaptive
  }

  package static let attemptCountMaxStandard = 8

  package init(
    bucket: String, endpoint: S3Endpoint? = nil, region: String = S3Region.fallback,
    addressing: S3Addressing = .auto, credentials: CredentialsSource = .chain(profile: nil),
    certificateBundlePath: String? = nil, allowsPlainHTTP: Bool = false,
    attemptCountMax: Int = Self.attemptCountMaxStandard, retryMode: RetryMode = .standard
  ) {
    self.bucket = bucket
    self.endpoint = endpoint
    self.region = region
    self.addressing = addressing
    self.credentials = credentials
    self.certificateBundlePath = certificateBundlePath
    self.allowsPlainHTTP = allowsPlainHTTP
    self.attemptCountMax = attemptCountMax
    self.retryMode = retryMode
  }

  /// The source of credentials, ready to be asked.
  package func credentialsProvider(
    transport: any HTTPTransport, environment: Environment, process: ProcessEnvironment
  ) -> any CredentialsProvider {
    switch credentials {
    case .fixed(let credentials): StaticCredentials(credentials)
    case .chain(let profile):
      CredentialsChain.standard(
        profile: profile, region: region, transport: transport, environment: environment, process: process)
    }
  }
}
