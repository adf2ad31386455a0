import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import S3

/// What a user does wrong, or has wrong, on the server that takes it most seriously.
@Suite(.enabled(if: TestServer.ceph.isTested, "needs Ceph: scripts/s3 start ceph, then eval its env"))
struct ServerFaultTests {
  private let server = TestServer.ceph

  @Test func aWrongSecretIsACredentialsError() async throws {
    try await TestBuckets.shared.create(server)
    let store = try server.store(secretAccessKey: "wrong")
    for error in [
      await failure({ try await store.get("k") }), await failure({ try await store.put("k", .empty) }),
      await failure({ try await store.list(ListRequest(prefix: "")) }),
    ] {
      #expect(error?.code == .credentials)
      #expect(error?.retry == .never)
      #expect(error?.providerCode == "SignatureDoesNotMatch")
      #expect(error?.mayHaveBeenApplied == false)
    }
    // HEAD has no body that could say why.
    #expect(await failure { try await store.head("k") }?.code == .accessDenied)
  }

  @Test func aMissingBucketIsNamed() async throws {
    let store = try server.store(bucket: "sterna-no-such-bucket")
    for error in [
      await failure({ try await store.get("k") }), await failure({ try await store.put("k", .empty) }),
      await failure({ try await store.list(ListRequest(prefix: "")) }),
    ] {
      #expect(error?.code == .bucketNotFound)
      #expect(error?.advice?.contains("sterna-no-such-bucket") == true)
    }
  }

  @Test(arguments: [Int64(3_600), -3_600])
  func aClockThatIsAnHourOffIsWorkedAround(offsetSeconds: Int64) async throws {
    try await TestBuckets.shared.create(server)
    var environment = Environment.live
    environment.now = { Environment.live.now() + offsetSeconds * 1_000_000_000 }
    let store = try server.store(environment: environment)
    let key = "clock/\(offsetSeconds)"
    try await store.put(key, Bytes(utf8: "x"))
    #expect(try await store.get(key).bytes == Bytes(utf8: "x"))
    #expect(store.serverClockOffsetSeconds.map { abs($0 + offsetSeconds) <= 5 } == true)
  }

  @Test func aBodyThatIsNotWhatTheSignaturePromisesIsNotStored() async throws {
    let store = try await server.preparedStore()
    let digest = SHA256Digest(hashing: "something else")
    let error = await failure {
      try await store.put("digest", Bytes(utf8: "x"), mode: .overwrite, digest: digest)
    }
    #expect(error?.httpStatus == 400)
    #expect(error?.retry == .never)
    #expect(await failure { try await store.get("digest") }?.code == .objectNotFound)
  }

  @Test func aPresignedURLNeedsNoCredentialsAndCannotBeChanged() async throws {
    let store = try await server.preparedStore()
    try await store.put("shared/a b+é", Bytes(utf8: "for everyone"))
    let url = try await store.presignedURL(reading: "shared/a b+é", expiresInSeconds: 60)
    let answer = try await TestServer.transport.send(HTTPRequest(method: "GET", url: url))
    #expect(answer.body == Bytes(utf8: "for everyone"))
    let longer = url.replacing("X-Amz-Expires=60", with: "X-Amz-Expires=61")
    let refusal = try await TestServer.transport.send(HTTPRequest(method: "GET", url: longer))
    #expect(refusal.status == 403)
  }

  @Test func aLargeObjectGoesUpInPartsAndComesBackBitForBit() async throws {
    let store = try await server.preparedStore()
    var random = SeededGenerator(seed: 70)
    let bytes = Bytes(count: 70 << 20) { buffer in
      for offset in stride(from: 0, to: buffer.count, by: 8) {
        buffer.storeBytes(of: random.next(), toByteOffset: offset, as: UInt64.self)
      }
    }
    let tag = try await store.put("large", bytes).tag
    #expect(tag.value.hasSuffix("-5"))
    let result = try await store.get("large")
    #expect(result.tag == tag)
    #expect(SHA256Digest(hashing: result.bytes) == SHA256Digest(hashing: bytes))
    try await store.delete("large")
  }

  @Test func aCancelledUploadLeavesNothing() async throws {
    let store = try await server.preparedStore()
    let bytes = Bytes(ByteStorage(count: 70 << 20))
    let task = Task { try await store.put("cancelled", bytes) }
    try await Task.sleep(for: .milliseconds(30))
    task.cancel()
    let error = await failure { try await task.value }
    #expect(error == nil || error?.code == .cancelled)
    if error != nil { #expect(await failure { try await store.get("cancelled") }?.code == .objectNotFound) }
  }

  @Test func signaturesHoldOnEveryServerForKeysThatNeedEncoding() async throws {
    let store = try await server.preparedStore()
    let keys = [
      "a b", "a+b", "a%2Fb", "a//b", "./a", "../a/", "é", "e\u{301}", "=&?#", "\u{1F600}", "a\"<>&'b",
    ]
    for key in keys { try await store.put("keys/\(key)", Bytes(utf8: key)) }
    for key in keys { #expect(try await store.get("keys/\(key)").bytes == Bytes(utf8: key)) }
    let outcomes = try await store.delete(keys.map { "keys/\($0)" })
    #expect(outcomes.allSatisfy { $0.failure == nil })
  }
}
