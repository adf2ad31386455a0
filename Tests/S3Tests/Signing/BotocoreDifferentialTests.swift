import SternaBase
import Testing

@testable import S3

/// Sterna and botocore must sign alike, whatever keys, queries, headers, ports and tokens look like.
@Suite(.timeLimit(.minutes(10))) struct BotocoreDifferentialTests {
  @Test(
    .enabled("needs a Python with botocore: \(BotocoreVectors.advice)") {
      if BotocoreVectors.isRequired { return true }
      return await BotocoreVectors.isAvailable()
    })
  func signaturesAreThoseOfBotocore() async throws {
    let seed = UInt64.random(in: 0...UInt64(UInt32.max))
    let vectors = try await BotocoreVectors.vectors(seed: seed, count: 3_000)
    #expect(vectors.count == 3_000)
    var presignedCount = 0
    for vector in vectors {
      let expected = try #require(vector["expected"]?.stringValue)
      let actual: String
      if let expiry = vector["expires"]?.int64Value {
        presignedCount += 1
        actual = try presign(vector, expiresInSeconds: Int(expiry))
      } else {
        actual = try sign(vector)
      }
      guard actual == expected else {
        Issue.record("seed \(seed): \(actual) is not \(expected) of \(vector)")
        return
      }
    }
    #expect(presignedCount > 100 && presignedCount < 2_900, "seed \(seed)")
  }

  /// The request of a vector, with the URL that Sterna builds for it.
  private func request(_ vector: JSONValue) throws -> HTTPRequest {
    func text(_ name: String) throws -> String { try #require(vector[name]?.stringValue) }
    let url = S3URL(
      endpoint: try S3Endpoint(parsing: text("endpoint")), bucket: try text("bucket"),
      addressing: vector["virtual"] == true ? .virtual : .path)
    let query = try pairs(vector, "query").map { QueryItem($0, $1) }
    let request = HTTPRequest(
      method: try text("method"), url: url.object(try text("key"), query),
      headers: try pairs(vector, "headers").map { HTTPHeader($0, $1 ?? "") })
    #expect(RequestURLParts(request.url).path == (try text("path")))
    return request
  }

  private func pairs(_ vector: JSONValue, _ name: String) throws -> [(String, String?)] {
    try #require(vector[name]?.arrayValue).map { pair in
      let parts = try #require(pair.arrayValue)
      return (try #require(parts[0].stringValue), parts[1].stringValue)
    }
  }

  private func credentials(_ vector: JSONValue) throws -> Credentials {
    Credentials(
      accessKeyID: try #require(vector["access_key"]?.stringValue),
      secretAccessKey: Secret(try #require(vector["secret"]?.stringValue)),
      sessionToken: vector["token"]?.stringValue.map { Secret($0) })
  }

  private func sign(_ vector: JSONValue) throws -> String {
    var request = try request(vector)
    let digest = vector["payload"]?.stringValue.flatMap { SHA256Digest(hex: $0) }
    SigV4Signer(region: try #require(vector["region"]?.stringValue)).sign(
      &request, payload: digest.map { .digest($0) } ?? .unsigned, credentials: try credentials(vector),
      at: try #require(vector["time"]?.int64Value))
    return try #require(request.headers.first { $0.name == "Authorization" }?.value)
  }

  private func presign(_ vector: JSONValue, expiresInSeconds: Int) throws -> String {
    let url = try SigV4Signer(region: try #require(vector["region"]?.stringValue)).presignedURL(
      for: try request(vector), credentials: try credentials(vector),
      at: try #require(vector["time"]?.int64Value), expiresInSeconds: expiresInSeconds)
    let marker = "&X-Amz-Signature="
    return String(url[try #require(url.firstRange(of: marker)).upperBound...])
  }
}
