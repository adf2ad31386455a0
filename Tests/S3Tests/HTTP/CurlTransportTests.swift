import SternaBase
import Testing

@testable import S3

/// What the transport does when the server is honest.
struct CurlTransportTests {
  @Test func anAnswerArrivesWithStatusHeadersAndBody() async throws {
    let server = ScriptedServer(
      always: .answer(404, headers: [("ETag", "\"x\""), ("X-Empty", "")], body: "gone"))
    let response = try await makeTransport().send(HTTPRequest(method: "GET", url: server.endpoint + "/a"))
    #expect(response.status == 404)
    #expect(response.header("etag") == "\"x\"")
    #expect(response.header("x-empty") == "")
    #expect(response.body == Bytes(utf8: "gone"))
  }

  @Test(arguments: ["GET", "HEAD", "PUT", "POST", "DELETE"])
  func everyMethodArrivesAsItself(method: String) async throws {
    let server = ScriptedServer(always: .answer(headers: [("X", "1")]))
    let hasBody = method == "PUT" || method == "POST"
    let body = hasBody ? Bytes(utf8: "payload") : .empty
    _ = try await makeTransport().send(HTTPRequest(method: method, url: server.endpoint + "/k", body: body))
    let seen = try #require(server.requests.first)
    #expect(seen.method == method)
    #expect(seen.body == body.array)
    #expect(seen.header("content-length") == (hasBody ? "7" : nil))
    #expect(seen.header("transfer-encoding") == nil)
    #expect(seen.header("expect") == nil)
  }

  @Test func anEmptyPutHasAContentLengthOfZero() async throws {
    let server = ScriptedServer(always: .answer())
    _ = try await makeTransport().send(HTTPRequest(method: "PUT", url: server.endpoint + "/k"))
    #expect(server.requests.first?.header("content-length") == "0")
  }

  @Test func headersAndPathGoOutUnchanged() async throws {
    let server = ScriptedServer(always: .answer())
    let headers = [HTTPHeader("Range", "bytes=0-9"), HTTPHeader("x-empty", ""), HTTPHeader("X-Q", "a  b")]
    let target = "/b/a//b/../c/./%2e?list-type=2&prefix=%2F"
    _ = try await makeTransport().send(
      HTTPRequest(method: "GET", url: server.endpoint + target, headers: headers))
    let seen = try #require(server.requests.first)
    #expect(seen.target == target)
    #expect(seen.header("range") == "bytes=0-9")
    #expect(seen.header("x-empty") == "")
    #expect(seen.header("x-q") == "a  b")
    #expect(seen.header("accept-encoding") == "identity")
  }

  @Test func aLineEndInAHeaderIsRefused() async throws {
    let request = HTTPRequest(
      method: "GET", url: "http://127.0.0.1:1/", headers: [HTTPHeader("x", "a\r\nAuthorization: stolen")])
    let error = await failure { try await makeTransport().send(request) }
    #expect(error?.code == .invalidArgument)
  }

  @Test func aBodyWithoutAnnouncedSizeGrows() async throws {
    let piece = String(repeating: "0123456789abcdef", count: 4_096)
    let chunk = Array("10000\r\n\(piece)\r\n".utf8)
    let steps =
      [ScriptedServer.Step].head(headers: [("Transfer-Encoding", "chunked")])
      + Array(repeating: .send(chunk), count: 5) + [.send(Array("0\r\nX-Trailer: 1\r\n\r\n".utf8))]
    let server = ScriptedServer(always: steps)
    let response = try await makeTransport().send(HTTPRequest(method: "GET", url: server.endpoint))
    #expect(response.body == Bytes(utf8: String(repeating: piece, count: 5)))
    #expect(response.header("x-trailer") == nil)
  }

  @Test func aLargeBodyGoesBothWaysUnchanged() async throws {
    let bytes = (0..<(5 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    let server = ScriptedServer { .answer(bytes: $0.body) }
    let body = Bytes([0, 0, 0] + bytes)[3..<(3 + bytes.count)]
    let response = try await makeTransport().send(
      HTTPRequest(method: "PUT", url: server.endpoint + "/k", body: body))
    #expect(response.body == body)
    #expect(response.body.ownsWholeStorage)
    #expect(server.requests.first?.header("expect") == "100-continue")
  }

  @Test func requestsOneAfterTheOtherShareAConnection() async throws {
    let server = ScriptedServer(always: .answer(body: "x"))
    let transport = makeTransport()
    for _ in 0..<10 { _ = try await transport.send(HTTPRequest(method: "GET", url: server.endpoint)) }
    for _ in 0..<3 {
      let put = HTTPRequest(method: "PUT", url: server.endpoint, body: Bytes(utf8: "y"))
      _ = try await transport.send(put)
    }
    #expect(server.connectionCount == 1)
  }

  @Test func manyTasksAtOnceEachGetTheirOwnAnswer() async throws {
    let server = ScriptedServer { .answer(body: $0.target) }
    var settings = testSettings
    settings.connectionCountMax = 8
    let transport = CurlTransport(settings: settings)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<200 {
        group.addTask {
          let request = HTTPRequest(method: "GET", url: server.endpoint + "/\(number)")
          let answer = try await transport.send(request)
          #expect(answer.body == Bytes(utf8: "/\(number)"))
        }
      }
      try await group.waitForAll()
    }
    #expect(server.requests.count == 200)
    #expect(server.connectionCount <= 8)
  }

  @Test func aTransportThatGoesAwayClosesItsConnections() async throws {
    let server = ScriptedServer(always: .answer())
    do {
      _ = try await makeTransport().send(HTTPRequest(method: "GET", url: server.endpoint))
    }
    #expect(await eventually { server.openConnectionCount == 0 })
  }

  @Test func aCancelledTaskAbortsItsTransferAtOnce() async throws {
    let server = ScriptedServer(always: [.stall])
    let transport = makeTransport()
    let task = Task { try await transport.send(HTTPRequest(method: "GET", url: server.endpoint)) }
    #expect(await eventually { server.requests.count == 1 })
    let start = ContinuousClock.now
    task.cancel()
    let error = await failure { try await task.value }
    #expect(error?.code == .cancelled)
    #expect(ContinuousClock.now - start < .seconds(2))
    #expect(await eventually { server.openConnectionCount == 0 })
  }

  @Test func aTaskCancelledWhileItWaitsForAConnectionEndsAtOnce() async throws {
    let server = ScriptedServer(always: [.stall])
    var settings = testSettings
    settings.connectionCountMax = 1
    let transport = CurlTransport(settings: settings)
    let first = Task { try await transport.send(HTTPRequest(method: "GET", url: server.endpoint + "/1")) }
    #expect(await eventually { server.requests.count == 1 })
    let second = Task { try await transport.send(HTTPRequest(method: "PUT", url: server.endpoint + "/2")) }
    try await Task.sleep(for: .milliseconds(20))
    second.cancel()
    let error = await failure { try await second.value }
    #expect(error?.code == .cancelled)
    #expect(error?.mayHaveBeenApplied == false)
    #expect(server.requests.count == 1)
    first.cancel()
    #expect(await failure { try await first.value }?.code == .cancelled)
  }

  @Test func aTaskCancelledBeforehandSendsNothing() async throws {
    let server = ScriptedServer(always: .answer())
    let transport = makeTransport()
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await transport.send(HTTPRequest(method: "PUT", url: server.endpoint))
    }
    let error = await failure { try await task.value }
    #expect(error?.code == .cancelled)
    #expect(error?.mayHaveBeenApplied == false)
    #expect(server.requests.isEmpty)
  }
}
