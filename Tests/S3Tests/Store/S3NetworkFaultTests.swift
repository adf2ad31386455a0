import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import S3

/// The whole way from the storage contract to a socket, with a server that misbehaves.
struct S3NetworkFaultTests {
  private typealias Step = ScriptedServer.Step

  /// As a program uses it: with retries, but without waiting for them.
  private func store(_ server: ScriptedServer) throws -> RetryingObjectStore {
    let credentials = Credentials(accessKeyID: "K", secretAccessKey: Secret("s"))
    let store = S3ObjectStore(
      S3Configuration(bucket: "b", endpoint: try S3Endpoint(parsing: server.endpoint)),
      credentials: RefreshingCredentials(StaticCredentials(credentials), environment: .live),
      transport: makeTransport())
    return RetryingObjectStore(store, environment: SimulatedEnvironment().environment)
  }

  private static let good = [Step].answer(headers: [("ETag", "\"t\"")], body: "body")

  @Test(arguments: [
    .answer(503, body: "<Error><Code>SlowDown</Code></Error>"), .answer(500), .answer(502, body: "<html>"),
    .answer(400, body: "<Error><Code>RequestTimeout</Code></Error>"),
    .head(headers: [("Content-Length", "9"), ("ETag", "\"t\"")]) + [.send([1]), .close],
    .head(headers: [("Transfer-Encoding", "chunked")]) + [.send([UInt8]("1\r\na\r\n".utf8)), .close],
    [.reset], [Step.close],
  ])
  private func passingFaultsAreInvisible(fault: [Step]) async throws {
    let server = ScriptedServer { $0.number < 2 ? fault : Self.good }
    #expect(try await store(server).get("k").bytes == Bytes(utf8: "body"))
  }

  @Test(arguments: [.answer(500), [Step.reset]])
  private func theSamePutIsSentAgainSignedAnew(fault: [Step]) async throws {
    let server = ScriptedServer { $0.number < 2 ? fault : Self.good }
    try await store(server).put("k", Bytes(utf8: "x"))
    #expect(server.requests.map(\.body) == [[0x78], [0x78], [0x78]])
    #expect(
      server.requests.allSatisfy { $0.header("authorization")?.hasPrefix("AWS4-HMAC-SHA256 ") == true })
  }

  @Test func aConditionThatFailsAfterALostAnswerIsNotTakenForTheTruth() async throws {
    let server = ScriptedServer { $0.number == 0 ? [.reset] : .answer(412) }
    let error = await failure { try await store(server).put("k", Bytes(utf8: "x"), mode: .create) }
    #expect(error?.code == .preconditionFailed)
    #expect(error?.mayHaveBeenApplied == true)
  }

  @Test(arguments: [301, 302, 307, 308])
  func aRedirectToAnotherHostIsNeverFollowed(status: Int) async throws {
    let stranger = ScriptedServer(always: Self.good)
    let server = ScriptedServer(
      always: .answer(status, headers: [("Location", stranger.endpoint + "/b/k")]))
    let error = await failure { try await store(server).get("k") }
    #expect(error?.code == .wrongRegion)
    #expect(stranger.requests.isEmpty)
    #expect(server.requests.count == 1)
  }

  @Test func aCompressedBodyIsNeverTakenForTheObject() async throws {
    let server = ScriptedServer(
      always: .answer(headers: [("Content-Encoding", "gzip"), ("ETag", "\"t\"")], bytes: [0x1F, 0x8B]))
    #expect(await failure { try await store(server).get("k") }?.code == .corrupt)
    #expect(server.requests.count == 1)
  }

  @Test func anEndlessErrorIsStillJudgedByItsStatus() async throws {
    let server = ScriptedServer(
      always: .head(403, headers: []) + [
        .flood(piece: [UInt8](repeating: 0x3C, count: 4_096), everyMilliseconds: 0)
      ])
    #expect(await failure { try await store(server).get("k") }?.code == .accessDenied)
  }

  @Test func aServerThatIsGoneIsNamed() async throws {
    let server = ScriptedServer(always: [])
    server.stop()
    let error = await failure { try await store(server).get("k") }
    #expect(error?.code == .unavailable)
    #expect(error?.attempts == RetryPolicy().attemptCountMax)
    #expect(error?.message.contains(server.endpoint) == true)
  }
}
