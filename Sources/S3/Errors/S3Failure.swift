package import SternaBase

/// The verdict on an answer that is no success: the error to report, and what to do before that.
///
/// A pure function of the answer and the request's context, so that every row of the retry table is a test.
package struct S3Failure: Sendable {
  /// What to throw when nothing else is tried; `error.retry` says whether the identical request can help.
  package let error: SternaError
  /// What to change first; then the request is sent once more, whatever `error.retry` says.
  package let mend: Mend
  /// The most attempts at this request when it keeps failing like this; nil: as many as the policy allows.
  package let attemptCountMax: Int?

  /// Judges an answer by its status, headers and error document.
  package init(_ response: HTTPResponse, context: S3RequestContext) {
    self.init(
      status: response.status, body: ServiceErrorBody(response.body), headers: response.headers,
      context: context)
  }

  /// Judges an error document that came under another status than its own (200, or one key of many).
  package init(_ body: ServiceErrorBody, status: Int = 200, context: S3RequestContext) {
    self.init(status: status, body: body, headers: [], context: context)
  }

  init(status: Int, body: ServiceErrorBody?, headers: [HTTPHeader], context: S3RequestContext) {
    let answer = Answer(
      status: status, body: body ?? ServiceErrorBody(code: ""), hasBody: body != nil, headers: headers,
      context: context)
    let kind = answer.kind
    let mend = answer.mend(for: kind)
    self.mend = mend
    self.attemptCountMax = kind == .bodyDamaged ? 2 : nil
    self.error = SternaError(
      kind.errorCode, answer.message, advice: answer.advice(for: kind, mend: mend), key: context.key,
      retry: answer.retryClass(for: kind), mayHaveBeenApplied: answer.mayHaveBeenApplied(kind)
    ).with { error in
      error.httpStatus = status
      error.providerCode = answer.providerCode
      error.requestID = answer.requestID
    }
  }

  /// An answer with its request, and everything that can be read out of the two.
  struct Answer {
    let status: Int
    let body: ServiceErrorBody
    /// Whether there was an error document at all.
    let hasBody: Bool
    let headers: [HTTPHeader]
    let context: S3RequestContext

    func header(_ name: String) -> String? {
      headers.first { $0.name.lowercased() == name }?.value
    }
  }
}

extension FailureKind {
  var errorCode: SternaError.Code {
    switch self {
    case .transient, .throttled, .bodyDamaged: .unavailable
    case .conditionalConflict: .conditionalRequestConflict
    case .clockSkew: .clockSkew
    case .expiredCredentials, .unknownAccessKey, .wrongSecret: .credentials
    case .wrongRegion: .wrongRegion
    case .preconditionFailed: .preconditionFailed
    case .objectNotFound: .objectNotFound
    case .accessDenied: .accessDenied
    case .bucketNotFound: .bucketNotFound
    case .invalidRange, .invalidName: .invalidArgument
    case .tooLarge, .storageFull: .resourceLimit
    case .notImplemented: .unsupportedStore
    case .uploadNotFound, .other: .requestFailed
    }
  }
}
