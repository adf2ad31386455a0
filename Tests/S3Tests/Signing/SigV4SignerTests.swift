import SternaBase
import Testing

@testable import S3

@Suite struct SigV4SignerTests {
  let signer = SigV4Signer(region: "eu-central-1")
  let credentials = Credentials(accessKeyID: "AKID", secretAccessKey: Secret("not to be seen"))

  private func sign(_ request: HTTPRequest, credentials: Credentials? = nil, at time: Int64 = 0)
    -> HTTPRequest
  {
    var request = request
    signer.sign(&request, payload: .unsigned, credentials: credentials ?? self.credentials, at: time)
    return request
  }

  @Test func signingAgainReplacesWhatTheFirstAttemptAdded() {
    var temporary = credentials
    temporary.sessionToken = Secret("token")
    let original = HTTPRequest(
      method: "GET", url: "http://a:9000/b/c", headers: [HTTPHeader("Range", "bytes=0-1")])
    var retried = sign(original, credentials: temporary, at: 100_000)
    retried.url = "http://other:9000/b/c"
    let fresh = sign(HTTPRequest(method: "GET", url: retried.url, headers: original.headers), at: 200_000)
    retried = sign(retried, at: 200_000)
    #expect(retried.headers == fresh.headers)
  }

  @Test(arguments: [
    ("https://h:443/k", "h"), ("http://h:80/k", "h"), ("http://h:443/k", "h:443"),
    ("https://h:80/k", "h:80"),
    ("http://h:9000/k", "h:9000"), ("https://h:4430", "h:4430"), ("http://[::1]:80/", "[::1]"),
    ("http://[::1]:9000/", "[::1]:9000"), ("https://Bucket.Host/k", "bucket.host"),
    ("http://h?x=http://i:80", "h"),
  ])
  func theSchemesOwnPortIsDroppedFromHost(url: String, host: String) {
    #expect(sign(HTTPRequest(method: "GET", url: url)).headers.first { $0.name == "Host" }?.value == host)
  }

  @Test func theSessionTokenIsSentAndSigned() {
    var temporary = credentials
    temporary.sessionToken = Secret("a/token==")
    let headers = sign(HTTPRequest(method: "GET", url: "http://h/k"), credentials: temporary).headers
    #expect(headers.contains(HTTPHeader("x-amz-security-token", "a/token==")))
    #expect(
      headers.last!.value.contains(
        "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,"))
  }

  @Test func whatProxiesChangeIsNotSigned() {
    let names = [
      "Connection", "EXPECT", "TE", "Transfer-Encoding", "User-Agent", "X-Amzn-Trace-Id", "Authorization",
    ]
    let plain = sign(HTTPRequest(method: "PUT", url: "http://h/k"))
    let decorated = sign(
      HTTPRequest(method: "PUT", url: "http://h/k", headers: names.map { HTTPHeader($0, "x") }))
    #expect(plain.headers.last == decorated.headers.last)
  }

  @Test func theKeyOfYesterdayOrOfAnotherRegionIsNotUsed() {
    let request = HTTPRequest(method: "GET", url: "http://h/k")
    let day: Int64 = 86_400
    var other = signer
    other.region = "us-west-2"
    var otherSecret = credentials
    otherSecret.secretAccessKey = Secret("another")
    for _ in 0..<2 {
      for time in [0, day - 1, day, 0] {
        #expect(sign(request, at: time).headers == fresh(request, signer.region, credentials, time))
        #expect(
          sign(request, credentials: otherSecret, at: time).headers
            == fresh(request, signer.region, otherSecret, time))
        var elsewhere = request
        other.sign(&elsewhere, payload: .unsigned, credentials: credentials, at: time)
        #expect(elsewhere.headers == fresh(request, other.region, credentials, time))
      }
    }
  }

  private func fresh(_ request: HTTPRequest, _ region: String, _ credentials: Credentials, _ time: Int64)
    -> [HTTPHeader]
  {
    var request = request
    SigV4Signer(region: region).sign(&request, payload: .unsigned, credentials: credentials, at: time)
    return request.headers
  }

  @Test func signaturesFromManyTasksAtOnceAreAllRight() async {
    let request = HTTPRequest(method: "GET", url: "http://h/k")
    let expected = (0..<4).map { fresh(request, signer.region, credentials, Int64($0) * 86_400) }
    await withTaskGroup(of: Bool.self) { group in
      for index in 0..<200 {
        group.addTask { sign(request, at: Int64(index % 4) * 86_400).headers == expected[index % 4] }
      }
      for await matches in group { #expect(matches) }
    }
  }

  @Test(arguments: [0, -1, 604_801, Int.max])
  func aPresignedURLLivesBetweenASecondAndAWeek(seconds: Int) {
    #expect(throws: SternaError.self) {
      try signer.presignedURL(
        for: HTTPRequest(method: "GET", url: "http://h/k"), credentials: credentials, at: 0,
        expiresInSeconds: seconds)
    }
  }

  @Test func noFormOfPrintingShowsASecret() {
    var temporary = credentials
    temporary.sessionToken = Secret("not to be seen")
    var dumped = ""
    dump(temporary, to: &dumped)
    for text in ["\(temporary)", "\(temporary.secretAccessKey)", String(reflecting: temporary), dumped] {
      #expect(text.contains("***") || text == dumped)
      #expect(!text.contains("not to be seen"))
    }
  }
}

@Suite struct CanonicalFormTests {
  @Test(arguments: [
    ("", ""), ("lifecycle", "lifecycle="), ("b=2&a=1", "a=1&b=2"), ("a=2&a=1&a", "a=&a=1&a=2"),
    ("a-b=1&a=2", "a=2&a-b=1"), ("a=b=c", "a=b=c"), ("%41=1&B=2", "%41=1&B=2"),
    ("a%2F=1&a=%2F", "a=%2F&a%2F=1"),
  ])
  func queriesAreSortedByNameThenValue(query: String, canonical: String) {
    #expect(CanonicalQuery.canonicalize(query) == canonical)
  }

  @Test func headersAreLoweredSortedFoldedAndJoined() {
    let headers = CanonicalHeaders([
      HTTPHeader("X-B", "  two   words\t here "), HTTPHeader("x-a", ""), HTTPHeader("x-b", "again"),
      HTTPHeader("Expect", "100-continue"), HTTPHeader("x-a-c", "1"),
    ])
    #expect(String(decoding: headers.lines, as: UTF8.self) == "x-a:\nx-a-c:1\nx-b:two words here,again\n")
    #expect(headers.signedNames == "x-a;x-a-c;x-b")
  }
}
