internal import SternaBase

/// Signs S3 requests (AWS Signature Version 4), in headers or in the URL.
///
/// A pure function of request, payload hash, credentials and time: a retry signs again with a fresh time.
/// What is signed is what goes on the wire: the URL's path and query are taken as they are, so they must be
/// encoded already, once (`S3URL` does), and nobody may normalise them afterwards.
///
///     canonical  method \n path \n sorted query \n headers \n\n signed header names \n payload hash
///     to sign    algorithm \n time \n day/region/service/aws4_request \n SHA-256(canonical)
///     signature  HMAC(signing key of the day, to sign)
package struct SigV4Signer: Sendable {
  /// The region that the signature is valid in; a mended one replaces it.
  package var region: String
  private let keys = SigningKeyCache()

  static let algorithm = "AWS4-HMAC-SHA256"
  static let service = "s3"

  package init(region: String) { self.region = region }

  /// Adds `Host`, `x-amz-date`, `x-amz-content-sha256`, `x-amz-security-token` (with temporary credentials)
  /// and `Authorization`, replacing those of an earlier attempt.
  package func sign(
    _ request: inout HTTPRequest, payload: PayloadHash, credentials: Credentials, at unixSeconds: Int64
  ) {
    let url = RequestURLParts(request.url)
    let time = Array(UTCTime(unixSeconds: unixSeconds).basicFormat.utf8)
    request.headers.removeAll { Self.ownHeaders.contains($0.name.lowercased()) }
    request.headers.append(HTTPHeader("Host", url.hostHeader))
    request.headers.append(HTTPHeader("x-amz-date", String(decoding: time, as: UTF8.self)))
    request.headers.append(HTTPHeader("x-amz-content-sha256", payload.headerValue))
    if let token = credentials.sessionToken {
      request.headers.append(HTTPHeader("x-amz-security-token", token.reveal()))
    }

    let headers = CanonicalHeaders(request.headers)
    let canonical = Self.canonicalRequest(
      method: request.method, path: url.path, canonicalQuery: CanonicalQuery.canonicalize(url.query),
      headers: headers, payload: payload)
    let signature = sign(canonical, credentials: credentials, time: time)
    request.headers.append(
      HTTPHeader(
        "Authorization",
        "\(Self.algorithm) Credential=\(credentials.accessKeyID)/\(scope(day: time[..<8])), "
          + "SignedHeaders=\(headers.signedNames), Signature=\(signature)"))
  }

  /// Written anew by every signature: a retry may go to another host at another time.
  static let ownHeaders: Set<String> = [
    "authorization", "host", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token",
  ]

  /// `20130524/us-east-1/s3/aws4_request`: what a signature is valid for.
  func scope(day: ArraySlice<UInt8>) -> String {
    "\(String(decoding: day, as: UTF8.self))/\(region)/\(Self.service)/aws4_request"
  }

  static func canonicalRequest(
    method: String, path: String, canonicalQuery: String, headers: CanonicalHeaders, payload: PayloadHash
  ) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(1024)
    for line in [method, path, canonicalQuery] {
      text.append(contentsOf: line.utf8)
      text.append(0x0A)
    }
    text.append(contentsOf: headers.lines)
    text.append(0x0A)
    text.append(contentsOf: headers.signedNames.utf8)
    text.append(0x0A)
    text.append(contentsOf: payload.headerValue.utf8)
    return text
  }

  /// The signature in hex of a canonical request.
  func sign(_ canonicalRequest: [UInt8], credentials: Credentials, time: [UInt8]) -> String {
    let digest = canonicalRequest.withUnsafeBytes { SHA256Digest(hashing: $0) }
    var message: [UInt8] = []
    message.reserveCapacity(160)
    message.append(contentsOf: Self.algorithm.utf8)
    message.append(0x0A)
    message.append(contentsOf: time)
    message.append(0x0A)
    message.append(contentsOf: scope(day: time[..<8]).utf8)
    message.append(0x0A)
    message.append(contentsOf: digest.hex.utf8)
    let key = keys.key(
      secret: credentials.secretAccessKey, day: Array(time[..<8]), region: region, service: Self.service)
    return Hex.encode(key.sign(message))
  }
}
