import ObjectStore
import SternaBase
import Testing

@testable import S3

/// Conditions, tags and digests of puts; listing and presigned URLs.
struct S3WritingTests {
  private static let stored = HTTPResponse.with(200, [("ETag", "\"new\"")])

  @Test func conditionsAreSentAsHeaders() async throws {
    let transport = ScriptedTransport { _, _ in Self.stored }
    let store = try S3ObjectStore.scripted(transport)
    for mode in [PutMode.overwrite, .create, .ifMatch(ETag("old"))] {
      #expect(try await store.put("k", .empty, mode: mode) == PutResult(tag: ETag("new")))
    }
    #expect(transport.requests.map { $0.header("if-none-match") } == [nil, "*", nil])
    #expect(transport.requests.map { $0.header("if-match") } == [nil, nil, "\"old\""])
  }

  @Test func theGivenDigestIsWhatTheSignaturePromises() async throws {
    let transport = ScriptedTransport { _, _ in Self.stored }
    let store = try S3ObjectStore.scripted(transport)
    let digest = SHA256Digest(hashing: "something else")
    _ = try await store.put("k", Bytes(utf8: "x"), mode: .overwrite, digest: digest)
    try await store.put("k", Bytes(utf8: "x"))
    #expect(
      transport.requests.map { $0.header("x-amz-content-sha256") } == [
        digest.hex, SHA256Digest(hashing: "x").hex,
      ])
  }

  @Test(
    arguments: [
      ("\"t\"", .quoted), ("t", .bare),
    ] as [(String, ETagForm)])
  func theFormThatTheServerTakesIsFoundAndRemembered(accepted: String, form: ETagForm) async throws {
    let transport = Self.server(accepting: accepted)
    let store = try S3ObjectStore.scripted(transport)
    #expect(store.eTagForm == nil)
    for _ in 0..<2 { try await store.put("k", .empty, mode: .ifMatch(ETag("t"))) }
    #expect(store.eTagForm == form)
    // One lesson at most: the second put names the tag in the right form at once.
    #expect(transport.requests.count == (form == .quoted ? 2 : 3))
  }

  @Test func aRefusalInBothFormsIsARefusalAndTeachesNothing() async throws {
    let transport = Self.server(accepting: "none")
    let store = try S3ObjectStore.scripted(transport)
    let error = await failure { try await store.put("k", .empty, mode: .ifMatch(ETag("t"))) }
    #expect(error?.code == .preconditionFailed)
    #expect(error?.mayHaveBeenApplied == false)
    #expect(store.eTagForm == nil)
    #expect(transport.requests.count == 2)
  }

  @Test func aLostAnswerInTheSecondFormIsNotTakenForARefusal() async throws {
    let transport = ScriptedTransport { request, _ in
      request.header("if-match") == "\"t\""
        ? .error(412, "PreconditionFailed") : .error(500, "InternalError")
    }
    let store = try S3ObjectStore.scripted(transport)
    let error = await failure { try await store.put("k", .empty, mode: .ifMatch(ETag("t"))) }
    #expect(error?.mayHaveBeenApplied == true)
  }

  private static func server(accepting accepted: String) -> ScriptedTransport {
    ScriptedTransport { request, _ in
      let condition = request.header("if-match")
      return condition == nil || condition == accepted
        ? .with(200, [("ETag", "\"t\"")]) : .error(412, "PreconditionFailed")
    }
  }

  @Test func aConditionalPutWithoutATagInItsAnswerIsNeverGuessed() async throws {
    let store = try S3ObjectStore.scripted(ScriptedTransport { _, _ in .with(200) })
    let error = await failure { try await store.put("k", .empty, mode: .create) }
    #expect(error?.code == .unsupportedStore)
    #expect(error?.mayHaveBeenApplied == true)
    let other = await failure { try await store.put("k", .empty, mode: .ifMatch(ETag(""))) }
    #expect(other?.code == .unsupportedStore)
  }

  @Test func keysOfWrongSizeNeverReachTheServer() async throws {
    let transport = ScriptedTransport { _, _ in Self.stored }
    let store = try S3ObjectStore.scripted(transport)
    for key in ["", String(repeating: "x", count: 1_025)] {
      #expect(await failure { try await store.put(key, .empty) }?.code == .invalidArgument)
      #expect(await failure { try await store.get(key) }?.code == .invalidArgument)
      #expect(await failure { try await store.head(key) }?.code == .invalidArgument)
      #expect(await failure { try await store.delete(key) }?.code == .invalidArgument)
    }
    #expect(transport.requests.isEmpty)
  }

  @Test func aListingAsksForOnePageAndKeepsPrefixesBehindItsStart() async throws {
    let body = """
      <ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>n</NextContinuationToken>
      <EncodingType>url</EncodingType><Contents><Key>p/a%2Bb</Key><Size>3</Size><ETag>"t"</ETag></Contents>
      <CommonPrefixes><Prefix>p/a/</Prefix></CommonPrefixes>
      <CommonPrefixes><Prefix>p/c/</Prefix></CommonPrefixes>
      </ListBucketResult>
      """
    let transport = ScriptedTransport { _, _ in .with(200, body: body) }
    let store = try S3ObjectStore.scripted(transport)
    let request = ListRequest(prefix: "p/", startAfter: "p/a/x", delimiter: "/", pageSize: 9)
    let page = try await store.list(request)
    #expect(page.entries == [.init(key: "p/a+b", byteCount: 3, tag: ETag("t"))])
    #expect(page.commonPrefixes == ["p/c/"])
    #expect(page.continuation == "n")
    let target = "/bucket?delimiter=%2F&encoding-type=url&list-type=2&max-keys=9&prefix=p%2F"
    #expect(transport.requests.first?.target == "\(target)&start-after=p%2Fa%2Fx")

    var following = request
    following.continuation = page.continuation
    _ = try await store.list(following)
    let continued =
      "/bucket?continuation-token=n" + target.dropFirst("/bucket?".count - 1).replacing("?", with: "&")
    #expect(transport.requests.last?.target == continued)
  }

  @Test func aPresignedURLIsMadeWithoutARequest() async throws {
    let transport = ScriptedTransport { _, _ in .with(500) }
    let url = try await S3ObjectStore.scripted(transport).presignedURL(reading: "a b", expiresInSeconds: 60)
    #expect(url.hasPrefix("http://localhost:9000/bucket/a%20b?X-Amz-Algorithm=AWS4-HMAC-SHA256&"))
    #expect(url.contains("&X-Amz-Expires=60&"))
    #expect(transport.requests.isEmpty)
  }
}
