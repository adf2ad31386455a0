import ObjectStore
import SternaBase
import Testing

@testable import S3

/// What a server says to a copy is believed only as far as it says it.
struct S3CopyingTests {
  private static let copied = HTTPResponse.with(
    200, body: "<CopyObjectResult><LastModified>x</LastModified><ETag>\"t\"</ETag></CopyObjectResult>")

  @Test func theSourceIsNamedOnceEncodedAndSigned() async throws {
    let transport = ScriptedTransport { _, _ in Self.copied }
    try await S3ObjectStore.scripted(transport).copy("a b/100%+\u{e9}~?.seg", to: "new/key")
    let request = try #require(transport.requests.first)
    #expect(request.method == "PUT" && request.target == "/bucket/new/key" && request.body.isEmpty)
    #expect(request.header("x-amz-copy-source") == "bucket/a%20b/100%25%2B%C3%A9~%3F.seg")
    #expect(request.header("authorization")?.contains("x-amz-copy-source") == true)
    #expect(request.isIdempotent)
  }

  @Test(arguments: [
    ("InternalError", SternaError.Code.unavailable), ("SlowDown", .unavailable),
    ("AccessDenied", .accessDenied), ("NoSuchKey", .objectNotFound),
  ])
  func anErrorUnderStatus200IsThatError(code: String, expected: SternaError.Code) async throws {
    let store = try S3ObjectStore.scripted(ScriptedTransport { _, _ in .error(200, code) })
    let error = await failure { try await store.copy("a", to: "b") }
    #expect(error?.code == expected)
    #expect(error?.key == (expected == .objectNotFound ? "a" : "b"))
    #expect((error?.retry == .never) == (expected != .unavailable))
  }

  @Test func aSourceThatIsNotThereIsNotFound() async throws {
    for answer in [HTTPResponse.error(404, "NoSuchKey"), .with(404)] {
      let store = try S3ObjectStore.scripted(ScriptedTransport { _, _ in answer })
      let error = await failure { try await store.copy("a", to: "b") }
      #expect(error?.code == .objectNotFound && error?.key == "a")
    }
    let store = try S3ObjectStore.scripted(ScriptedTransport { _, _ in .error(404, "NoSuchBucket") })
    #expect(await failure { try await store.copy("a", to: "b") }?.code == .bucketNotFound)
  }

  /// An empty answer is that of a server which stored an empty object: the worst of all ways not to know
  /// the request.
  @Test(
    arguments: [
      .error(501, "NotImplemented"), .error(400, "NotImplemented"), .error(405, "MethodNotAllowed"),
      .with(200, [("ETag", "\"d41d8cd98f00b204e9800998ecf8427e\"")]),
    ] as [HTTPResponse])
  func aServerThatCannotCopyIsAskedOnce(answer: HTTPResponse) async throws {
    let transport = ScriptedTransport { _, _ in answer }
    let store = try S3ObjectStore.scripted(transport)
    for _ in 0..<3 {
      #expect(await failure { try await store.copy("a", to: "b") }?.code == .unsupportedStore)
    }
    #expect(transport.requests.count == 1)
  }

  @Test(arguments: ["<CopyObjectResult><ETag>", "<html/>", "OK"])
  func whatIsNoAnswerIsAskedAgain(body: String) async throws {
    let store = try S3ObjectStore.scripted(ScriptedTransport { _, _ in .with(200, body: body) })
    let error = await failure { try await store.copy("a", to: "b") }
    #expect(error?.retry == .transient)
  }
}
