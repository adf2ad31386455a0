import CCurl
import SternaBase
import Testing

@testable import S3

/// The pure parts around libcurl: what it is told, what its results mean, how headers are read.
struct CurlDecisionTests {
  @Test func everyTransferIsToldToBeSafe() {
    let options = CurlSettings().options
    let expected: [CurlSettings.Option] = [
      .text(CURLOPT_PROTOCOLS_STR, "https"), .text(CURLOPT_REDIR_PROTOCOLS_STR, "https"),
      .number(CURLOPT_FOLLOWLOCATION, 0), .number(CURLOPT_NETRC, 0), .number(CURLOPT_SSL_VERIFYPEER, 1),
      .number(CURLOPT_SSL_VERIFYHOST, 2), .number(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2),
      .number(CURLOPT_PATH_AS_IS, 1), .number(CURLOPT_NOSIGNAL, 1),
      .number(CURLOPT_HTTP_CONTENT_DECODING, 0), .number(CURLOPT_TCP_KEEPALIVE, 1),
      .number(CURLOPT_CONNECTTIMEOUT_MS, 5_000), .number(CURLOPT_LOW_SPEED_LIMIT, 1_024),
      .number(CURLOPT_LOW_SPEED_TIME, 10), .number(CURLOPT_MAXAGE_CONN, 15),
      .number(CURLOPT_EXPECT_100_TIMEOUT_MS, 1_000),
    ]
    for option in expected { #expect(options.contains(option)) }
  }

  @Test func plainHTTPAndTheCertificateBundleAreSetOnlyWhenAsked() {
    var settings = CurlSettings()
    settings.allowsPlainHTTP = true
    settings.certificateBundlePath = "/ca.pem"
    #expect(settings.options.contains(.text(CURLOPT_PROTOCOLS_STR, "http,https")))
    #expect(settings.options.contains(.text(CURLOPT_CAINFO, "/ca.pem")))
  }

  @Test func aProcessOfFewDescriptorsGetsFewConnections() {
    let counts = [0, 32, 40, 64, 256, 1_024, Int.max].map {
      CurlSettings.connectionCount(descriptorCountMax: $0)
    }
    #expect(counts == [1, 1, 4, 16, 112, 128, 128])
  }

  @Test func aProcessOfTooFewDescriptorsIsRefusedBeforeItsFirstRequest() {
    #expect(throws: SternaError.self) { try CurlSettings.requireDescriptors(descriptorCountMax: 33) }
    #expect(throws: Never.self) { try CurlSettings.requireDescriptors(descriptorCountMax: 34) }
  }

  @Test func libcurlKnowsEveryOption() throws {
    let handle = try #require(curl_easy_init())
    defer { curl_easy_cleanup(handle) }
    var settings = CurlSettings()
    settings.certificateBundlePath = "/ca.pem"
    for option in settings.options {
      switch option {
      case .number(let name, let value):
        #expect(sterna_curl_set_long(handle, name, value) == CURLE_OK, "\(option)")
      case .text(let name, let value):
        #expect(sterna_curl_set_string(handle, name, value) == CURLE_OK, "\(option)")
      }
    }
  }

  @Test func anAttemptMayTakeTenSecondsAndItsBytes() {
    #expect(AttemptTimeout().milliseconds(byteCount: 0) == 10_000)
    #expect(AttemptTimeout().milliseconds(byteCount: 64 << 20) == 42_000)
  }

  @Test(arguments: [5, 6, 7, 16, 18, 28, 35, 52, 55, 56, 65, 92])
  func passingFaultsAreTransient(code: UInt32) {
    let error = CurlFailure(code: CURLcode(code), endpoint: "https://e", detail: "d").error
    #expect(error.retry == .transient)
    #expect(error.mayHaveBeenApplied)
    #expect(error.message.contains("https://e"))
  }

  @Test(arguments: [3, 23, 27, 60, 77])
  func otherFaultsAreFinal(code: UInt32) {
    let error = CurlFailure(code: CURLcode(code), endpoint: "https://e", detail: "d").error
    #expect(error.retry == .never)
  }

  @Test func aCertificateFailureSaysWhatToDo() {
    let failure = CurlFailure(
      code: CURLE_PEER_FAILED_VERIFICATION, endpoint: "https://e", detail: "self-signed", wasSent: false)
    #expect(failure.error.advice?.contains("AWS_CA_BUNDLE") == true)
    #expect(!failure.error.mayHaveBeenApplied)
  }

  @Test func anErrorNamesTheServerAndNothingElseOfAURL() {
    #expect(CurlFailure.endpoint(of: "https://h:9000/b/k?X-Amz-Signature=s") == "https://h:9000")
    #expect(CurlFailure.endpoint(of: "https://h?X-Amz-Signature=s") == "https://h")
    #expect(CurlFailure.endpoint(of: "https://h") == "https://h")
  }

  private func head(_ lines: String...) throws -> HTTPResponseHead {
    var head = HTTPResponseHead()
    for line in lines { try head.receive(line: Array((line + "\r\n").utf8), byteCountMax: 1_000) }
    return head
  }

  @Test func interimAnswersAreForgotten() throws {
    let head = try head("HTTP/1.1 100 Continue", "A: 1", "", "HTTP/1.1 200 OK", "B:2", "")
    #expect(head.status == 200)
    #expect(head.headers == [HTTPHeader("B", "2")])
    #expect(head.isComplete)
  }

  @Test func trailersAndLinesWithoutColonAreIgnored() throws {
    let head = try head("HTTP/1.1 200 OK", "nonsense", "A: b:c ", "", "T: 1")
    #expect(head.headers == [HTTPHeader("A", "b:c")])
  }

  @Test(
    arguments: [
      ("5", nil, 5), ("-1", nil, nil), ("99999999999999999999", nil, nil), ("5", "chunked", nil),
      ("x", nil, nil),
    ] as [(String, String?, Int?)])
  func theAnnouncedSizeIsReadWithCare(length: String, transferEncoding: String?, expected: Int?) throws {
    var head = try head("HTTP/1.1 200 OK", "content-length: \(length)")
    if let transferEncoding {
      try head.receive(line: Array("Transfer-Encoding: \(transferEncoding)".utf8), byteCountMax: 1_000)
    }
    #expect(head.contentByteCount == expected)
  }

  @Test func headersOverTheLimitThrow() {
    #expect(throws: SternaError.self) {
      try head("HTTP/1.1 200 OK", String(repeating: "x", count: 1_000))
    }
  }

  @Test(arguments: [("gzip", "gzip"), ("identity", nil), ("aws-chunked", nil), ("br, gzip", "br, gzip")])
  func onlyForeignCodingsAreNoticed(value: String, expected: String?) throws {
    #expect(try head("HTTP/1.1 200 OK", "Content-Encoding: \(value)").foreignContentEncoding == expected)
  }
}
