import ObjectStore
import SternaBase
import Synchronization
import Testing

@testable import S3

/// A large object goes up in parts and appears whole or not at all.
struct S3MultipartTests {
  private static let policy: MultipartPolicy = {
    var policy = MultipartPolicy()
    policy.thresholdByteCount = 10
    policy.partByteCount = 4
    return policy
  }()
  private static let body = Bytes(utf8: "0123456789abcdef!")
  private static let created = HTTPResponse.with(
    200, body: "<InitiateMultipartUploadResult><UploadId>u/1</UploadId></InitiateMultipartUploadResult>")

  private static func completed(_ tag: String) -> HTTPResponse {
    .with(200, body: "<CompleteMultipartUploadResult><ETag>\(tag)</ETag></CompleteMultipartUploadResult>")
  }

  private static func part(_ request: HTTPRequest) -> HTTPResponse {
    .with(200, [("ETag", "\"\(Hex.encode(MD5Digest.hashing(request.body)))\"")])
  }

  /// The tag of the joined object, as servers form it.
  private static let joinedTag: String = {
    let parts = policy.parts(ofByteCount: body.count)
    let digests = parts.flatMap { MD5Digest.hashing(body[$0]) }
    return "\(Hex.encode(MD5Digest.hashing(Bytes(digests))))-\(parts.count)"
  }()

  private func upload(_ answer: @escaping ScriptedTransport.Script) async throws -> (
    result: Result<PutResult, SternaError>, requests: [HTTPRequest]
  ) {
    let transport = ScriptedTransport { request, number in
      if request.target.hasSuffix("?uploads") { return Self.created }
      return try answer(request, number)
    }
    let store = try S3ObjectStore.scripted(multipart: Self.policy, transport)
    do {
      return (.success(try await store.put("k", Self.body)), transport.requests)
    } catch let error as SternaError {
      return (.failure(error), transport.requests)
    }
  }

  @Test func partsAreSentNumberedAndJoined() async throws {
    let (result, requests) = try await upload { request, _ in
      request.method == "PUT" ? Self.part(request) : Self.completed("\"done-5\"")
    }
    #expect(try result.get().tag == ETag("done-5"))
    let parts = requests.filter { $0.method == "PUT" }.sorted { $0.target < $1.target }
    #expect(parts.map(\.body.utf8String) == ["0123", "4567", "89ab", "cdef", "!"])
    #expect(parts.map(\.target) == (1...5).map { "/bucket/k?partNumber=\($0)&uploadId=u%2F1" })
    let completion = try #require(requests.last?.body.utf8String)
    #expect(completion.components(of: "<PartNumber>") == 5)
  }

  @Test func anEmptyTagInTheAnswerIsAskedForByHead() async throws {
    let (result, requests) = try await upload { request, _ in
      switch request.method {
      case "PUT": Self.part(request)
      case "HEAD": .with(200, [("Content-Length", "17"), ("ETag", "\"from-head\"")])
      default: Self.completed("")
      }
    }
    #expect(try result.get().tag == ETag("from-head"))
    #expect(requests.last?.method == "HEAD")
  }

  @Test func anErrorUnderStatus200IsAnErrorAndThePartsAreRemoved() async throws {
    let (result, requests) = try await upload { request, _ in
      switch request.method {
      case "PUT": Self.part(request)
      case "POST": .error(200, "InternalError")
      case "HEAD": .with(404)
      default: .with(204)
      }
    }
    #expect(throws: SternaError.self) { try result.get() }
    #expect(requests.last?.method == "DELETE")
    #expect(requests.last?.target == "/bucket/k?uploadId=u%2F1")
  }

  @Test func aLostAnswerIsSettledByTheTagOfTheObject() async throws {
    for present in [Self.joinedTag, "somebody-else-5"] {
      let (result, _) = try await upload { request, _ in
        switch request.method {
        case "PUT": Self.part(request)
        case "POST":
          throw SternaError(.unavailable, "lost", retry: .transient, mayHaveBeenApplied: true)
        case "HEAD": .with(200, [("Content-Length", "17"), ("ETag", "\"\(present)\"")])
        default: .with(204)
        }
      }
      let tag = try? result.get().tag
      #expect(tag == (present == Self.joinedTag ? ETag(present) : nil))
    }
  }

  @Test func aPartThatFailsInPassingIsSentAgainAlone() async throws {
    let failures = Mutex(2)
    let (result, requests) = try await upload { request, _ in
      guard request.method == "PUT" else { return Self.completed("\"t\"") }
      let fails =
        request.target.contains("partNumber=3&")
        && failures.withLock { left in
          left -= 1
          return left >= 0
        }
      return fails ? .error(503, "SlowDown") : Self.part(request)
    }
    #expect(throws: Never.self) { try result.get() }
    #expect(requests.filter { $0.method == "PUT" }.count == 7)
  }

  @Test func aPartThatIsRefusedEndsTheUploadAndRemovesItsParts() async throws {
    let (result, requests) = try await upload { request, _ in
      request.method == "PUT" ? .error(403, "AccessDenied") : .with(204)
    }
    #expect(throws: SternaError.self) { try result.get() }
    #expect(requests.last?.method == "DELETE")
    #expect(!requests.contains { $0.method == "POST" && !$0.target.hasSuffix("?uploads") })
  }

  @Test func aConditionalPutIsNeverSplit() async throws {
    let transport = ScriptedTransport { _, _ in .with(200, [("ETag", "\"t\"")]) }
    let store = try S3ObjectStore.scripted(multipart: Self.policy, transport)
    try await store.put("k", Self.body, mode: .create)
    #expect(transport.requests.map(\.method) == ["PUT"])
  }

  @Test(arguments: [1, 16 << 20, (16 << 20) + 1, 100 << 20, 5 << 40])
  func partsCoverTheObjectInOrderWithinTheLimits(byteCount: Int) {
    let parts = MultipartPolicy().parts(ofByteCount: byteCount)
    #expect(parts.count <= 10_000)
    #expect(parts.first?.lowerBound == 0)
    #expect(parts.last?.upperBound == byteCount)
    #expect(zip(parts, parts.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
    #expect(parts.dropLast().allSatisfy { $0.count >= 5 << 20 })
  }
}

extension String {
  /// How often a text occurs.
  fileprivate func components(of text: String) -> Int {
    split(separator: text, omittingEmptySubsequences: false).count - 1
  }
}
