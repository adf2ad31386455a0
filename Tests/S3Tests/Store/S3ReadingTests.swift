import ObjectStore
import SternaBase
import Testing

@testable import S3

/// A read returns what was asked for, whatever a server makes of ranges.
struct S3ReadingTests {
  private func store(_ response: HTTPResponse) throws -> S3ObjectStore {
    try .scripted(ScriptedTransport { _, _ in response })
  }

  @Test(
    arguments: [
      (GetRange.whole, nil), (.bytes(0..<1), "bytes=0-0"), (.bytes(5..<9), "bytes=5-8"),
      (.suffix(3), "bytes=-3"),
    ] as [(GetRange, String?)])
  func rangesAreAskedForInclusively(range: GetRange, header: String?) {
    #expect(range.headerValue == header)
  }

  @Test func aPartComesWithTheSizeOfTheWhole() async throws {
    let part = HTTPResponse.with(206, [("Content-Range", "bytes 2-4/10"), ("ETag", "\"t\"")], body: "cde")
    let result = try await store(part).get("k", range: .bytes(2..<5))
    #expect(result.bytes == Bytes(utf8: "cde"))
    #expect(result.objectByteCount == 10)
    #expect(result.tag == ETag("t"))
  }

  @Test func aPartAtTheEndMayBeShorterThanAskedFor() async throws {
    let part = HTTPResponse.with(206, [("Content-Range", "bytes 8-9/10")], body: "ij")
    #expect(try await store(part).get("k", range: .bytes(8..<20)).bytes == Bytes(utf8: "ij"))
    #expect(try await store(part).get("k", range: .suffix(2)).bytes == Bytes(utf8: "ij"))
  }

  @Test(
    arguments: [
      (.bytes(2..<5), "cde"), (.bytes(8..<20), "ij"), (.suffix(2), "ij"), (.suffix(99), "abcdefghij"),
    ] as [(GetRange, String)])
  func aWholeBodyToARangeIsCut(range: GetRange, expected: String) async throws {
    let result = try await store(.with(200, body: "abcdefghij")).get("k", range: range)
    #expect(result.bytes == Bytes(utf8: expected))
    #expect(result.objectByteCount == 10)
  }

  @Test func status200WithContentRangeIsAPartAndNotTheWhole() async throws {
    let part = HTTPResponse.with(200, [("Content-Range", "bytes 2-4/10")], body: "cde")
    let result = try await store(part).get("k", range: .bytes(2..<5))
    #expect(result.bytes == Bytes(utf8: "cde"))
    #expect(result.objectByteCount == 10)
  }

  @Test(arguments: [
    "bytes 1-3/10", "bytes 2-5/10", "bytes 2-3/10", "bytes 2-4/4", "bytes 2-4/*", "bytes */10", "nonsense",
    "bytes 2-4/99999999999999999999", "bytes -2-4/10", "items 2-4/10", "",
  ])
  func aWrongContentRangeIsDetected(text: String) async throws {
    let part = HTTPResponse.with(206, [("Content-Range", text)], body: "cde")
    let error = await failure { try await store(part).get("k", range: .bytes(2..<5)) }
    #expect(error?.code == .corrupt)
    #expect(error?.retry == .transient)
  }

  @Test func aPartWithoutContentRangeIsDetected() async throws {
    let error = await failure { try await store(.with(206, body: "cde")).get("k", range: .bytes(2..<5)) }
    #expect(error?.code == .corrupt)
  }

  @Test func aPartInsteadOfTheWholeIsDetected() async throws {
    let part = HTTPResponse.with(206, [("Content-Range", "bytes 2-4/10")], body: "cde")
    let error = await failure { try await store(part).get("k") }
    #expect(error?.code == .corrupt)
  }

  @Test func theSuffixOfAnEmptyObjectIsEmpty() async throws {
    let transport = ScriptedTransport { request, _ in
      request.header("range") == nil ? .with(200, [("ETag", "\"t\"")]) : .error(416, "InvalidRange")
    }
    let result = try await S3ObjectStore.scripted(transport).get("k", range: .suffix(5))
    #expect(result.bytes.isEmpty)
  }

  @Test func aRangeBehindTheEndIsAnInvalidArgument() async throws {
    let error = await failure {
      try await store(.error(416, "InvalidRange")).get("k", range: .bytes(50..<60))
    }
    #expect(error?.code == .invalidArgument)
  }

  @Test func headGivesSizeAndTag() async throws {
    let response = HTTPResponse.with(200, [("Content-Length", "7"), ("ETag", "\"t\"")])
    #expect(try await store(response).head("k") == ObjectMetadata(byteCount: 7, tag: ETag("t")))
  }
}
