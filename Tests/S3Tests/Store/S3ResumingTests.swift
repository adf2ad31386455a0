import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import S3

/// A broken download goes on where it stopped, and never mixes two objects.
struct S3ResumingTests {
  private static let size = 1 << 20
  private static let content = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ ($0 >> 8)) }

  /// What a server does with the n-th request: how many bytes it sends, of which object.
  private struct Answer: Sendable {
    var sentByteCount = Int.max
    var tag = "one"
    var ignoresRange = false
  }

  private func serve(_ answers: [Answer]) -> ScriptedServer {
    ScriptedServer { request in
      let answer = answers[min(request.number, answers.count - 1)]
      if let condition = request.header("if-match"), condition != "\"\(answer.tag)\"" {
        return .answer(412, body: "<Error><Code>PreconditionFailed</Code></Error>")
      }
      var range = 0..<Self.size
      var headers = [("ETag", "\"\(answer.tag)\"")]
      if let text = request.header("range"), !answer.ignoresRange {
        let ends = text.dropFirst("bytes=".count).split(separator: "-").compactMap { Int($0) }
        range = ends[0]..<(ends[1] + 1)
        headers.append(("Content-Range", "bytes \(ends[0])-\(ends[1])/\(Self.size)"))
      }
      headers.append(("Content-Length", "\(range.count)"))
      let sent = Array(Self.content[range].prefix(answer.sentByteCount))
      return .head(headers.count == 3 ? 206 : 200, headers: headers)
        + [.send(sent)] + (sent.count < range.count ? [.close] : [])
    }
  }

  private func store(_ server: ScriptedServer) throws -> S3ObjectStore {
    let environment = Environment.live
    let credentials = Credentials(accessKeyID: "K", secretAccessKey: Secret("s"))
    return S3ObjectStore(
      S3Configuration(bucket: "b", endpoint: try S3Endpoint(parsing: server.endpoint)),
      credentials: RefreshingCredentials(StaticCredentials(credentials), environment: environment),
      transport: makeTransport(), environment: environment)
  }

  @Test func theRestIsAskedForAndJoined() async throws {
    let server = serve([Answer(sentByteCount: 700_000), Answer()])
    let result = try await store(server).get("k")
    #expect(result.bytes == Bytes(Self.content))
    #expect(result.objectByteCount == Self.size)
    #expect(server.requests.map { $0.header("range") } == [nil, "bytes=700000-1048575"])
    #expect(server.requests.last?.header("if-match") == "\"one\"")
  }

  @Test func aPartOfAnObjectIsResumedWithinIt() async throws {
    let server = serve([Answer(sentByteCount: 500_000), Answer(sentByteCount: 300_000), Answer()])
    let result = try await store(server).get("k", range: .bytes(100..<1_000_100))
    #expect(result.bytes == Bytes(Array(Self.content[100..<1_000_100])))
    let ranges = ["bytes=100-1000099", "bytes=500100-1000099", "bytes=800100-1000099"]
    #expect(server.requests.map { $0.header("range") } == ranges)
  }

  @Test(arguments: [
    [Answer(sentByteCount: 700_000), Answer(tag: "two")],
    [Answer(sentByteCount: 700_000), Answer(ignoresRange: true)],
    [Answer(sentByteCount: 700_000), Answer(sentByteCount: 0)],
  ])
  private func whatCannotBeResumedFailsInPassing(answers: [Answer]) async throws {
    let server = serve(answers)
    let error = await failure { try await store(server).get("k") }
    #expect(error?.code == .unavailable)
    #expect(error?.retry == .transient)
  }

  @Test func aSmallPieceIsNotWorthResuming() async throws {
    let server = serve([Answer(sentByteCount: 1_000)])
    #expect(await failure { try await store(server).get("k") }?.retry == .transient)
    #expect(server.requests.count == 1)
  }

  @Test func withRetriesAReaderSeesNothingOfIt() async throws {
    let server = serve([Answer(sentByteCount: 700_000), Answer(tag: "two")])
    let result = try await RetryingObjectStore(try store(server)).get("k")
    #expect(result.bytes == Bytes(Self.content))
    #expect(result.tag == ETag("two"))
  }
}
