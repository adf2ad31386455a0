internal import SternaBase

extension S3Failure.Answer {
  /// How far a clock may be off before servers refuse its signatures.
  private static let clockToleranceSeconds: Int64 = 900
  /// A server's wish for a pause is honoured up to here.
  private static let retryAfterMillisecondsMax = 60_000

  var kind: FailureKind {
    if let known = FailureKind(providerCode: body.code) {
      // The same code stands for any other fault of the header; only a region makes it a question of
      // regions.
      return body.code == "AuthorizationHeaderMalformed" && otherRegion == nil ? .other : known
    }
    let kind = FailureKind(status: status, context: context)
    // HEAD answers say nothing but a status; what their headers betray is taken before guessing at rights.
    guard !hasBody, [400, 401, 403].contains(status) else { return kind }
    if otherRegion != nil { return .wrongRegion }
    if let offset = clockOffsetSeconds, abs(offset) >= Self.clockToleranceSeconds { return .clockSkew }
    if status == 400 && context.usesSessionToken { return .expiredCredentials }
    return kind
  }

  func mend(for kind: FailureKind) -> Mend {
    switch kind {
    case .clockSkew: clockOffsetSeconds.map { .clock(offsetSeconds: $0) } ?? .none
    case .expiredCredentials: .credentials
    case .wrongRegion: otherRegion.map { .region($0) } ?? .none
    default: .none
    }
  }

  func retryClass(for kind: FailureKind) -> SternaError.RetryClass {
    switch kind {
    case .throttled: .throttled(afterMilliseconds: retryAfterMilliseconds)
    case .transient, .bodyDamaged, .conditionalConflict:
      // A server that names a pause asks for less load, whatever its status is.
      retryAfterMilliseconds.map { .throttled(afterMilliseconds: $0) } ?? .transient
    default: .never
    }
  }

  /// A refusal is certain of no effect; a server that failed, or that gave up waiting, is not.
  /// `NoSuchUpload` is what the second of two equal completions gets.
  func mayHaveBeenApplied(_ kind: FailureKind) -> Bool {
    guard context.operation.isWrite else { return false }
    switch kind {
    case .transient, .throttled: return status >= 500 || status == 408 || status == 499 || status == 200
    case .uploadNotFound: return context.operation == .completeMultipartUpload
    case .other, .storageFull: return status >= 500 || status == 200
    default: return false
    }
  }

  // MARK: - What the headers say

  /// The server's clock minus the one that signed.
  var clockOffsetSeconds: Int64? {
    guard let date = header("date").flatMap({ UTCTime(httpDate: $0) }) else { return nil }
    let (offset, overflow) = date.unixSeconds.subtractingReportingOverflow(context.signedAtUnixSeconds)
    return overflow ? nil : offset
  }

  /// The region that the answer sends us to, when its name can be trusted and it is another one.
  var otherRegion: String? {
    [header("x-amz-bucket-region"), body.region].compactMap { $0 }
      .first { S3Region.isValid($0) && $0 != context.region }
  }

  private var retryAfterMilliseconds: Int? {
    if let text = header("x-amz-retry-after"), let milliseconds = Int(text), milliseconds >= 0 {
      return min(milliseconds, Self.retryAfterMillisecondsMax)
    }
    if let text = header("retry-after"), let seconds = Int(text), seconds >= 0 {
      return min(seconds, Self.retryAfterMillisecondsMax / 1000) * 1000
    }
    return nil
  }

  /// The provider's code, when it looks like one.
  var providerCode: String? {
    let code = body.code
    let isWord = code.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF) }
    return (1...64).contains(code.utf8.count) && isWord ? code : nil
  }

  var requestID: String? {
    (header("x-amz-request-id") ?? body.requestID).map { Self.printable($0, characterCountMax: 128) }
  }

  /// Text of the server made safe to print: one line, no control characters, short.
  static func printable(_ text: String, characterCountMax: Int) -> String {
    let scalars = text.unicodeScalars.lazy.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }
    return String(String(String.UnicodeScalarView(scalars.prefix(characterCountMax))))
  }
}
