package import SternaBase

extension SigV4Signer {
  /// The longest life of a presigned URL that S3 accepts: seven days.
  package static let presignedSecondsMax = 604_800

  /// A URL that carries its own signature: whoever has it may send this request until it expires.
  ///
  /// Headers of `request` are signed too and must be sent with the URL; the body is not signed.
  ///
  /// - Throws: `invalidArgument` for a life outside of 1...604,800 seconds.
  package func presignedURL(
    for request: HTTPRequest, credentials: Credentials, at unixSeconds: Int64, expiresInSeconds: Int
  ) throws(SternaError) -> String {
    guard (1...Self.presignedSecondsMax).contains(expiresInSeconds) else {
      throw SternaError(
        .invalidArgument, "presigned URL to expire in \(expiresInSeconds) s",
        advice: "Ask for 1 to \(Self.presignedSecondsMax) seconds (7 days).")
    }
    let url = RequestURLParts(request.url)
    let time = Array(UTCTime(unixSeconds: unixSeconds).basicFormat.utf8)
    let kept = request.headers.filter { !Self.ownHeaders.contains($0.name.lowercased()) }
    let headers = CanonicalHeaders(kept + [HTTPHeader("Host", url.hostHeader)])

    var items = [
      QueryItem("X-Amz-Algorithm", Self.algorithm),
      QueryItem("X-Amz-Credential", "\(credentials.accessKeyID)/\(scope(day: time[..<8]))"),
      QueryItem("X-Amz-Date", String(decoding: time, as: UTF8.self)),
      QueryItem("X-Amz-Expires", String(expiresInSeconds)),
      QueryItem("X-Amz-SignedHeaders", headers.signedNames),
    ]
    if let token = credentials.sessionToken {
      items.append(QueryItem("X-Amz-Security-Token", token.reveal()))
    }
    let added = QueryItem.encode(items)
    let query = CanonicalQuery.canonicalize(url.query.isEmpty ? added : "\(url.query)&\(added)")
    let canonical = Self.canonicalRequest(
      method: request.method, path: url.path, canonicalQuery: query, headers: headers, payload: .unsigned)
    let signature = sign(canonical, credentials: credentials, time: time)
    return "\(url.origin)\(url.path)?\(query)&X-Amz-Signature=\(signature)"
  }
}
