/// What an answer other than success means, before it is put into words: the rows of the retry table.
enum FailureKind: Hashable, Sendable {
  // Retry: the same request can succeed.
  case transient
  case throttled
  /// The body arrived changed. Twice at most: a proxy that does it once more does it always.
  case bodyDamaged
  case conditionalConflict

  // Mend, then retry once.
  case clockSkew
  case expiredCredentials
  case wrongRegion

  // Resolve: the answer is about the object's state.
  case preconditionFailed
  case objectNotFound
  case uploadNotFound

  // Never.
  case accessDenied
  case unknownAccessKey
  case wrongSecret
  case bucketNotFound
  case invalidRange
  case invalidName
  case tooLarge
  case storageFull
  case notImplemented
  case other
}

extension FailureKind {
  /// The meaning of a provider's error code, or nil when it is not known and the status must tell.
  init?(providerCode: String) {
    guard let kind = Self.byProviderCode[providerCode] ?? Self.throttling(providerCode) else { return nil }
    self = kind
  }

  private static func throttling(_ code: String) -> FailureKind? {
    code.hasPrefix("Throttl") || code.hasPrefix("SlowDown") ? .throttled : nil
  }

  private static let byProviderCode: [String: FailureKind] = [
    "InternalError": .transient, "InternalErrors": .transient, "InternalFailure": .transient,
    "OperationAborted": .transient, "RequestTimeout": .transient, "IncompleteBody": .transient,
    "BadGateway": .transient, "GatewayTimeout": .transient,
    "XMinioServerNotInitialized": .transient,

    "SlowDown": .throttled, "ServiceUnavailable": .throttled, "Busy": .throttled,
    "TooManyRequests": .throttled, "TooManyRequestsException": .throttled,
    "RequestLimitExceeded": .throttled,
    "BandwidthLimitExceeded": .throttled, "EC2ThrottledException": .throttled,

    "BadDigest": .bodyDamaged, "XAmzContentSHA256Mismatch": .bodyDamaged,
    "ConditionalRequestConflict": .conditionalConflict,

    "RequestTimeTooSkewed": .clockSkew, "RequestExpired": .clockSkew, "RequestInTheFuture": .clockSkew,
    "ExpiredToken": .expiredCredentials, "ExpiredTokenException": .expiredCredentials,
    "TokenRefreshRequired": .expiredCredentials, "InvalidToken": .expiredCredentials,
    "PermanentRedirect": .wrongRegion, "TemporaryRedirect": .wrongRegion, "Redirect": .wrongRegion,
    "AuthorizationHeaderMalformed": .wrongRegion,

    "PreconditionFailed": .preconditionFailed,
    "NoSuchKey": .objectNotFound, "NoSuchObject": .objectNotFound,
    "NoSuchUpload": .uploadNotFound,

    "AccessDenied": .accessDenied, "AllAccessDisabled": .accessDenied, "AccountProblem": .accessDenied,
    "InvalidAccessKeyId": .unknownAccessKey, "NotSignedUp": .unknownAccessKey,
    "SignatureDoesNotMatch": .wrongSecret,
    "NoSuchBucket": .bucketNotFound,
    "InvalidRange": .invalidRange,
    "KeyTooLong": .invalidName, "KeyTooLongError": .invalidName, "InvalidBucketName": .invalidName,
    "InvalidObjectName": .invalidName, "InvalidURI": .invalidName, "XMinioInvalidObjectName": .invalidName,
    "EntityTooLarge": .tooLarge,
    "QuotaExceeded": .storageFull, "XMinioStorageFull": .storageFull, "InsufficientStorage": .storageFull,
    "NotImplemented": .notImplemented, "MethodNotAllowed": .notImplemented,
  ]

  /// The meaning of an answer that explains nothing (HEAD answers have no body), or nothing known.
  init(status: Int, context: S3RequestContext) {
    switch status {
    case 301, 302, 307, 308: self = .wrongRegion
    case 401, 403: self = .accessDenied
    case 404 where context.operation.readsObject || context.isConditional: self = .objectNotFound
    case 404 where context.operation == .completeMultipartUpload || context.operation == .uploadPart:
      self = .uploadNotFound
    case 404: self = .bucketNotFound
    case 405, 501: self = .notImplemented
    case 409 where context.isConditional: self = .conditionalConflict
    case 412: self = .preconditionFailed
    case 413: self = .tooLarge
    case 416: self = .invalidRange
    case 429, 503, 509: self = .throttled
    // 520...530 are a content network's words for a server that does not answer it.
    case 408, 499, 500, 502, 504, 520...530: self = .transient
    case 507: self = .storageFull
    default: self = .other
    }
  }
}
