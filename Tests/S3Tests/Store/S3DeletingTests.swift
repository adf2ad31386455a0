import ObjectStore
import SternaBase
import Testing

@testable import S3

/// Bulk deletion gives one true outcome per key.
struct S3DeletingTests {
  private static func deleted(_ keys: [String], errors: [(key: String, code: String)] = []) -> HTTPResponse
  {
    let items =
      keys.map { "<Deleted><Key>\($0)</Key></Deleted>" }
      + errors.map { "<Error><Key>\($0.key)</Key><Code>\($0.code)</Code><Message/></Error>" }
    return .with(200, body: "<DeleteResult>\(items.joined())</DeleteResult>")
  }

  @Test func eachKeyHasItsOwnOutcomeInTheOrderGiven() async throws {
    let transport = ScriptedTransport { _, _ in
      Self.deleted(["a"], errors: [("b", "AccessDenied"), ("c", "SlowDown"), ("d", "NoSuchKey")])
    }
    let outcomes = try await S3ObjectStore.scripted(transport).delete(["c", "a", "lost", "b", "d"])
    #expect(outcomes.map(\.key) == ["c", "a", "lost", "b", "d"])
    #expect(outcomes.map(\.failure?.code) == [.unavailable, nil, .unavailable, .accessDenied, nil])
    #expect(outcomes[0].failure?.retry == .throttled(afterMilliseconds: nil))
    #expect(outcomes[2].failure?.retry == .transient)
    #expect(transport.requests.first?.target == "/bucket?delete")
  }

  @Test func theRequestCarriesAChecksumForServersThatInsist() async throws {
    let transport = ScriptedTransport { _, _ in Self.deleted(["a"]) }
    _ = try await S3ObjectStore.scripted(transport).delete(["a"])
    let request = try #require(transport.requests.first)
    #expect(request.header("content-md5") == Base64.encode(MD5Digest.hashing(request.body)))
    #expect(request.header("authorization")?.contains("content-md5") == true)
  }

  @Test func manyKeysGoInRequestsOfAThousand() async throws {
    let transport = ScriptedTransport { request, _ in
      let keys = (request.body.utf8String ?? "").split(separator: "<Key>").dropFirst()
      return Self.deleted(keys.map { String($0.prefix { $0 != "<" }) })
    }
    let keys = (0..<2_500).map { "k\($0)" }
    let outcomes = try await S3ObjectStore.scripted(transport).delete(keys)
    #expect(outcomes.allSatisfy { $0.failure == nil })
    #expect(transport.requests.count == 3)
  }

  @Test(arguments: [(501, "NotImplemented"), (405, "MethodNotAllowed")])
  func aServerWithoutBulkDeletionIsServedKeyByKey(status: Int, code: String) async throws {
    let transport = ScriptedTransport { request, _ in
      request.method == "POST" ? .error(status, code) : .with(204)
    }
    let store = try S3ObjectStore.scripted(transport)
    for _ in 0..<2 {
      let outcomes = try await store.delete((0..<40).map { "k\($0)" })
      #expect(outcomes.allSatisfy { $0.failure == nil })
    }
    #expect(transport.requests.filter { $0.method == "POST" }.count == 1)
    #expect(transport.requests.filter { $0.method == "DELETE" }.count == 80)
  }

  @Test func keysThatXMLCannotHoldAreDeletedAlone() async throws {
    let transport = ScriptedTransport { request, _ in
      request.method == "POST" ? Self.deleted(["a"]) : .with(204)
    }
    let outcomes = try await S3ObjectStore.scripted(transport).delete(["a", "b\u{1}"])
    #expect(outcomes.allSatisfy { $0.failure == nil })
    #expect(transport.requests.map(\.method) == ["POST", "DELETE"])
  }

  @Test func keysThatAreCanonicallyEqualAreDifferentKeys() async throws {
    let composed = "\u{E9}"
    let decomposed = "e\u{301}"
    let transport = ScriptedTransport { _, _ in
      Self.deleted([composed], errors: [(decomposed, "AccessDenied")])
    }
    let outcomes = try await S3ObjectStore.scripted(transport).delete([composed, decomposed])
    #expect(outcomes.map(\.failure?.code) == [nil, .accessDenied])
  }

  @Test func anErrorUnderStatus200IsAnError() async throws {
    let store = try S3ObjectStore.scripted(ScriptedTransport { _, _ in .error(200, "InternalError") })
    let error = await failure { try await store.delete(["a", "b"]) }
    #expect(error?.retry == .transient)
  }

  @Test func deletingNothingSendsNothing() async throws {
    let transport = ScriptedTransport { _, _ in .with(500) }
    #expect(try await S3ObjectStore.scripted(transport).delete([String]()).isEmpty)
    #expect(transport.requests.isEmpty)
  }

  @Test func aKeyThatIsNotThereIsDeleted() async throws {
    try await S3ObjectStore.scripted(ScriptedTransport { _, _ in .error(404, "NoSuchKey") }).delete("k")
  }

  @Test(arguments: [
    ("", "d41d8cd98f00b204e9800998ecf8427e", "1B2M2Y8AsgTpgAmY7PhCfg=="),
    ("abc", "900150983cd24fb0d6963f7d28e17f72", "kAFQmDzST7DWlj99KOF/cg=="),
  ])
  func checksumsMatchTheirPublishedValues(text: String, hex: String, base64: String) {
    let digest = MD5Digest.hashing(Bytes(utf8: text))
    #expect(Hex.encode(digest) == hex)
    #expect(Base64.encode(digest) == base64)
  }

  @Test(arguments: ["": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg=="])
  func base64PadsToFour(text: String, expected: String) {
    #expect(Base64.encode(Array(text.utf8)) == expected)
  }
}
