import ObjectStore
import SternaBase
import Testing

@testable import S3

@Suite struct S3FailureTests {
  private static let now: Int64 = 1_369_353_600

  private func context(
    _ operation: S3Operation = .putObject, mode: PutMode = .overwrite, usesSessionToken: Bool = false
  ) -> S3RequestContext {
    S3RequestContext(
      operation: operation, bucket: "my-bucket", key: operation == .listObjects ? nil : "a/key", mode: mode,
      endpoint: .aws(region: "us-east-1"), region: "us-east-1", signedAtUnixSeconds: Self.now,
      usesSessionToken: usesSessionToken)
  }

  private func failure(
    _ status: Int, _ code: String? = nil, _ headers: [HTTPHeader] = [], region: String? = nil,
    context: S3RequestContext? = nil
  ) -> S3Failure {
    var body = Bytes.empty
    if let code {
      let location = region.map { "<Region>\($0)</Region>" } ?? ""
      body = Bytes(
        utf8:
          "<Error><Code>\(code)</Code><Message>words</Message>\(location)<RequestId>R1</RequestId></Error>")
    }
    return S3Failure(
      HTTPResponse(status: status, headers: headers, body: body), context: context ?? self.context())
  }

  // MARK: - The retry table

  @Test(
    arguments: [
      (408, nil), (499, nil), (500, nil), (502, nil), (504, nil), (500, "InternalError"),
      (409, "OperationAborted"),
      (400, "RequestTimeout"), (400, "IncompleteBody"), (400, "BadDigest"),
      (409, "ConditionalRequestConflict"), (524, nil),
      (200, "InternalError"),
    ] as [(Int, String?)])
  func passingFaultsAreRetried(status: Int, code: String?) {
    #expect(failure(status, code).error.retry == .transient)
    #expect(failure(status, code).mend == .none)
  }

  @Test(
    arguments: [
      (429, nil), (503, nil), (509, nil), (503, "SlowDown"), (503, "ServiceUnavailable"),
      (400, "ThrottlingException"),
      (400, "Throttling"), (503, "SlowDownWrite"), (200, "SlowDown"),
    ] as [(Int, String?)])
  func overloadIsRetriedMoreSlowly(status: Int, code: String?) {
    #expect(failure(status, code).error.retry == .throttled(afterMilliseconds: nil))
    #expect(failure(status, code).error.code == .unavailable)
  }

  @Test func theServersOwnPauseIsHonouredAndCapped() {
    func retry(_ name: String, _ value: String, status: Int = 503) -> SternaError.RetryClass {
      failure(status, "SlowDown", [HTTPHeader(name, value)]).error.retry
    }
    #expect(retry("X-Amz-Retry-After", "1500") == .throttled(afterMilliseconds: 1500))
    #expect(retry("Retry-After", "2") == .throttled(afterMilliseconds: 2000))
    #expect(retry("Retry-After", "\(Int.max)") == .throttled(afterMilliseconds: 60_000))
    #expect(retry("x-amz-retry-after", "999999999") == .throttled(afterMilliseconds: 60_000))
    for nonsense in ["-1", "", "soon", "99999999999999999999"] {
      #expect(retry("Retry-After", nonsense) == .throttled(afterMilliseconds: nil))
    }
    #expect(
      failure(500, nil, [HTTPHeader("retry-after", "1")]).error.retry == .throttled(afterMilliseconds: 1000)
    )
  }

  @Test func aDamagedBodyIsSentTwiceAtMost() {
    #expect(failure(400, "BadDigest").attemptCountMax == 2)
    #expect(failure(500, "InternalError").attemptCountMax == nil)
  }

  @Test(
    arguments: [
      (403, "AccessDenied", .accessDenied), (403, "InvalidAccessKeyId", .credentials),
      (403, "SignatureDoesNotMatch", .credentials), (404, "NoSuchBucket", .bucketNotFound),
      (404, "NoSuchKey", .objectNotFound), (416, "InvalidRange", .invalidArgument),
      (416, nil, .invalidArgument),
      (400, "KeyTooLongError", .invalidArgument), (400, "EntityTooLarge", .resourceLimit),
      (501, "NotImplemented", .unsupportedStore), (501, nil, .unsupportedStore),
      (405, nil, .unsupportedStore),
      (507, nil, .resourceLimit), (412, "PreconditionFailed", .preconditionFailed),
      (412, nil, .preconditionFailed),
      (404, "NoSuchUpload", .requestFailed), (400, "MalformedXML", .requestFailed),
      (403, nil, .accessDenied),
      (401, nil, .accessDenied), (418, nil, .requestFailed),
      (400, "AuthorizationHeaderMalformed", .requestFailed),
    ] as [(Int, String?, SternaError.Code)])
  func refusalsAreNotRetried(status: Int, code: String?, expected: SternaError.Code) {
    let failure = failure(status, code)
    #expect(failure.error.code == expected)
    #expect(failure.error.retry == .never)
    #expect(failure.mend == .none)
    #expect(failure.error.httpStatus == status)
    #expect(failure.error.providerCode == code)
    #expect(failure.error.key == "a/key")
  }

  // MARK: - Mending

  @Test(arguments: ["RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"])
  func theClockIsMendedFromTheDateHeader(code: String) {
    let failure = failure(403, code, [HTTPHeader("Date", "Fri, 24 May 2013 01:00:00 GMT")])
    #expect(failure.mend == .clock(offsetSeconds: 3600))
    #expect(failure.error.code == .clockSkew)
    #expect(failure.error.advice == "Set this machine's clock: it is 3600 s behind the server's.")
    #expect(self.failure(403, code).mend == .none)
    #expect(self.failure(403, code, [HTTPHeader("Date", "today")]).mend == .none)
  }

  @Test func expiredCredentialsAreFetchedAgain() {
    for (status, code) in [(400, "ExpiredToken"), (403, "InvalidToken"), (400, "TokenRefreshRequired")] {
      #expect(failure(status, code).mend == .credentials)
      #expect(failure(status, code).error.code == .credentials)
    }
  }

  @Test func theRegionIsMendedFromHeaderOrBody() {
    let header = [HTTPHeader("x-amz-bucket-region", "eu-west-1")]
    for status in [301, 307, 400] {
      #expect(failure(status, "PermanentRedirect", header).mend == .region("eu-west-1"))
    }
    #expect(failure(301, nil, header, context: context(.headObject)).mend == .region("eu-west-1"))
    #expect(failure(400, nil, header, context: context(.headObject)).mend == .region("eu-west-1"))
    #expect(failure(400, "AuthorizationHeaderMalformed", region: "eu-west-2").mend == .region("eu-west-2"))
    #expect(failure(400, "AuthorizationHeaderMalformed", region: "eu-west-2").error.code == .wrongRegion)
  }

  @Test(arguments: [
    "evil.example/", "a b", "", "us-east-1", "x\r\ny", String(repeating: "a", count: 64), "é", "@evil",
  ])
  func aRegionThatIsNoneOrTheSameIsNotBelieved(region: String) {
    let failure = failure(301, "PermanentRedirect", [HTTPHeader("x-amz-bucket-region", region)])
    #expect(failure.mend == .none)
    #expect(failure.error.code == .wrongRegion)
    #expect(failure.error.advice?.contains("redirects to another host are not followed") == true)
  }

  @Test func aHeadAnswerWithoutABodyIsJudgedByItsHeaders() {
    let head = context(.headObject)
    let skewed = [HTTPHeader("Date", "Thu, 23 May 2013 00:00:00 GMT")]
    #expect(failure(403, nil, skewed, context: head).mend == .clock(offsetSeconds: -86_400))
    #expect(
      failure(403, nil, [HTTPHeader("Date", "Fri, 24 May 2013 00:01:00 GMT")], context: head).mend == .none)
    #expect(failure(400, nil, context: context(.headObject, usesSessionToken: true)).mend == .credentials)
    #expect(failure(400, nil, context: head).mend == .none)
    #expect(failure(404, nil, context: head).error.code == .objectNotFound)
    #expect(failure(404, nil, context: context(.listObjects)).error.code == .bucketNotFound)
    #expect(failure(404, nil, context: context(mode: .ifMatch(ETag("x")))).error.code == .objectNotFound)
    #expect(failure(404, nil, context: context(.completeMultipartUpload)).error.code == .requestFailed)
    #expect(failure(409, nil, context: context(mode: .create)).error.code == .conditionalRequestConflict)
    #expect(failure(409, nil).error.code == .requestFailed)
  }

  // MARK: - Effects

  @Test func onlyAServerThatFailedLeavesItsEffectOpen() {
    let open: [(Int, String?)] = [
      (500, nil), (503, "SlowDown"), (504, nil), (408, nil), (499, nil), (200, "InternalError"), (505, nil),
      (507, nil),
    ]
    let certain: [(Int, String?)] = [
      (400, "BadDigest"), (400, "RequestTimeout"), (403, "AccessDenied"), (404, nil),
      (409, "ConditionalRequestConflict"), (412, nil),
      (429, nil), (501, nil), (301, nil), (403, "RequestTimeTooSkewed"),
    ]
    for operation in S3Operation.allCases {
      for (status, code) in open {
        #expect(
          failure(status, code, context: context(operation)).error.mayHaveBeenApplied == operation.isWrite)
      }
      for (status, code) in certain where status != 404 || operation != .completeMultipartUpload {
        #expect(!failure(status, code, context: context(operation)).error.mayHaveBeenApplied)
      }
    }
  }

  @Test func anUploadThatIsGoneMayHaveBeenCompletedBefore() {
    #expect(
      failure(404, "NoSuchUpload", context: context(.completeMultipartUpload)).error.mayHaveBeenApplied)
    #expect(!failure(404, "NoSuchUpload", context: context(.uploadPart)).error.mayHaveBeenApplied)
  }

  // MARK: - Words

  @Test func adviceNamesWhatToChange() {
    func advice(_ status: Int, _ code: String, _ operation: S3Operation = .putObject) -> String {
      failure(status, code, context: context(operation)).error.advice ?? ""
    }
    #expect(advice(403, "SignatureDoesNotMatch").contains("secret access key"))
    #expect(advice(403, "InvalidAccessKeyId").contains("AWS_ACCESS_KEY_ID"))
    #expect(advice(404, "NoSuchBucket").contains("'my-bucket'"))
    #expect(advice(403, "AccessDenied").contains("s3:PutObject on arn:aws:s3:::my-bucket/*"))
    #expect(advice(403, "AccessDenied", .getObject).contains("s3:GetObject"))
    #expect(advice(403, "AccessDenied", .listObjects).contains("s3:ListBucket on arn:aws:s3:::my-bucket "))
    #expect(failure(403, "AccessDenied").error.requestID == "R1")
  }

  @Test func whatAServerSaysIsPrintedShortAndOnOneLine() {
    let hostile =
      "<Error><Code>a b&#10;c</Code><Message>one&#10;two"
      + "&#27;[31m\(String(repeating: "x", count: 9_000))</Message></Error>"
    let error = S3Failure(
      HTTPResponse(status: 400, headers: [], body: Bytes(utf8: hostile)), context: context()
    ).error
    #expect(error.providerCode == nil)
    #expect(error.message.hasPrefix("the server refused PutObject: one two [31mxxx"))
    #expect(error.message.count < 400)
    #expect("\(error)".unicodeScalars.allSatisfy { $0.value >= 0x20 })
  }
}
