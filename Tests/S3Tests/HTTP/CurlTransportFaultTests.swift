import SternaBase
import Testing

@testable import S3

/// What the transport does when the network or the server misbehaves.
struct CurlTransportFaultTests {
  private typealias Step = ScriptedServer.Step

  private func get(_ server: ScriptedServer, byteCountMax: Int = 1 << 20) -> HTTPRequest {
    HTTPRequest(method: "GET", url: server.endpoint + "/k?secret=1", responseByteCountMax: byteCountMax)
  }

  @Test func aClosedPortIsTransientAndNamesTheEndpoint() async throws {
    let server = ScriptedServer(always: [])
    server.stop()
    let error = await failure {
      try await makeTransport().send(HTTPRequest(method: "PUT", url: server.endpoint + "/k?secret=1"))
    }
    #expect(error?.code == .unavailable)
    #expect(error?.retry == .transient)
    #expect(error?.mayHaveBeenApplied == false)
    #expect(error?.message.contains("127.0.0.1:\(server.port)") == true)
    #expect(error?.description.contains("secret") == false)
    #expect(error?.advice != nil)
  }

  @Test func aPutCutInTheMiddleCannotHaveBeenApplied() async throws {
    let server = ScriptedServer(behaviour: .init(bodyByteCountRead: 1_000), always: [.reset])
    let body = Bytes(ByteStorage(count: 32 << 20))
    let error = await failure {
      try await makeTransport().send(HTTPRequest(method: "PUT", url: server.endpoint, body: body))
    }
    #expect(error?.retry == .transient)
    #expect(error?.mayHaveBeenApplied == false)
  }

  @Test(arguments: [[Step.close], [.reset], .head(headers: [("Content-Length", "9")]) + [.close]])
  private func aWholePutWithoutAnswerMayHaveBeenApplied(steps: [Step]) async throws {
    let server = ScriptedServer(always: steps)
    let error = await failure {
      try await makeTransport().send(
        HTTPRequest(method: "PUT", url: server.endpoint, body: Bytes(utf8: "x")))
    }
    #expect(error?.code == .unavailable)
    #expect(error?.retry == .transient)
    #expect(error?.mayHaveBeenApplied == true)
  }

  @Test(arguments: [
    .head(headers: [("Content-Length", "100")]) + [.send([1, 2, 3]), .close],
    .head(headers: [("Content-Length", "100")]) + [.send([1, 2, 3]), .reset],
    .head(headers: [("Transfer-Encoding", "chunked")]) + [.send([UInt8]("3\r\nabc\r\n".utf8)), .close],
    [.send([UInt8]("HTTP/1.1 2".utf8)), .close],
    [.send([UInt8]("hello?\r\n\r\n".utf8)), .close],
    [Step.close],
  ])
  private func aBodyThatEndsEarlyIsAPassingFaultWithoutEffect(steps: [Step]) async throws {
    let server = ScriptedServer(always: steps)
    let error = await failure { try await makeTransport().send(get(server)) }
    #expect(error?.code == .unavailable)
    #expect(error?.retry == .transient)
    #expect(error?.mayHaveBeenApplied == false)
  }

  @Test func aStalledBodyIsGivenUpByItsLowSpeed() async throws {
    let server = ScriptedServer(always: .head(headers: [("Content-Length", "100")]) + [.send([1]), .stall])
    var settings = testSettings
    settings.lowSpeedSeconds = 1
    settings.attemptTimeout.baseMilliseconds = 600_000
    let transport = CurlTransport(settings: settings)
    let start = ContinuousClock.now
    let error = await failure { try await transport.send(get(server)) }
    #expect(error?.retry == .transient)
    #expect(ContinuousClock.now - start < .seconds(60))
  }

  @Test(arguments: [
    .head(headers: [("Content-Length", "100000000")])
      + [.flood(piece: [UInt8](repeating: 7, count: 2_000), everyMilliseconds: 1)],
    [
      Step.send([UInt8]("HTTP/1.1 200 OK\r\n".utf8)),
      .flood(piece: [UInt8]("X: y\r\n".utf8), everyMilliseconds: 20),
    ],
    [.stall],
  ])
  private func theDeadlineHoldsForWhatIsNeverQuiteSlowEnough(steps: [Step]) async throws {
    let server = ScriptedServer(always: steps)
    var request = get(server, byteCountMax: 1 << 30)
    request.timeoutMilliseconds = 300
    let start = ContinuousClock.now
    var settings = testSettings
    settings.lowSpeedSeconds = 600
    let transport = CurlTransport(settings: settings)
    let error = await failure { try await transport.send(request) }
    #expect(error?.retry == .transient)
    // Without it the attempt would last ten minutes.
    #expect(ContinuousClock.now - start < .seconds(60))
  }

  @Test func aGetOnAConnectionThatDiedIsRepeatedAtOnce() async throws {
    let server = ScriptedServer { $0.number == 1 ? [.close] : .answer(body: "\($0.number)") }
    let transport = makeTransport()
    _ = try await transport.send(get(server))
    let second = try await transport.send(get(server))
    #expect(second.body == Bytes(utf8: "2"))
    #expect(server.connectionCount == 2)
  }

  @Test(arguments: ["", "x"])
  func aPutIsNeverRepeatedBehindTheCallersBack(body: String) async throws {
    let server = ScriptedServer { $0.method == "PUT" ? [.close] : .answer() }
    let transport = makeTransport()
    _ = try await transport.send(get(server))
    let put = HTTPRequest(method: "PUT", url: server.endpoint, body: Bytes(utf8: body))
    let error = await failure { try await transport.send(put) }
    #expect(error?.retry == .transient)
    #expect(error?.mayHaveBeenApplied == true)
    #expect(server.requests.filter { $0.method == "PUT" }.count == 1)
  }

  @Test func aBodyGoesOutWhenContinueNeverComes() async throws {
    let server = ScriptedServer(behaviour: .init(answersContinue: false), always: .answer())
    let body = Bytes(ByteStorage(count: testSettings.expectContinueByteCount))
    let start = ContinuousClock.now
    let put = HTTPRequest(method: "PUT", url: server.endpoint, body: body)
    _ = try await makeTransport().send(put)
    #expect(server.requests.first?.header("expect") == "100-continue")
    #expect(ContinuousClock.now - start > .milliseconds(900))
  }

  @Test func endlessHeadersAreCut() async throws {
    let line = [UInt8]("X: \(String(repeating: "y", count: 1_000))\r\n".utf8)
    let server = ScriptedServer(always: [
      .send([UInt8]("HTTP/1.1 200 OK\r\n".utf8)), .flood(piece: line, everyMilliseconds: 0),
    ])
    let error = await failure { try await makeTransport().send(get(server)) }
    #expect(error?.message.contains("headers") == true)
  }

  @Test func anEndlessErrorBodyIsCutAndStillAnAnswer() async throws {
    let server = ScriptedServer(
      always: .head(503, headers: [("Transfer-Encoding", "chunked")])
        + [
          .flood(
            piece: [UInt8]("4\r\n<a/>\r\n".utf8) + [UInt8]("1000\r\n".utf8)
              + [UInt8](repeating: 32, count: 4_096) + [UInt8]("\r\n".utf8), everyMilliseconds: 0)
        ])
    let response = try await makeTransport().send(get(server))
    #expect(response.status == 503)
    #expect(response.body.count == testSettings.errorBodyByteCountMax)
  }

  @Test(arguments: [
    .head(headers: [("Content-Length", "2000000")])
      + [Step.flood(piece: [UInt8](repeating: 1, count: 4_096), everyMilliseconds: 0)],
    .head(headers: [("Transfer-Encoding", "chunked")])
      + [.flood(piece: [UInt8]("4\r\nabcd\r\n".utf8), everyMilliseconds: 0)],
    .head(headers: []) + [.flood(piece: [UInt8](repeating: 1, count: 4_096), everyMilliseconds: 0)],
  ])
  private func aBodyOverItsLimitIsAnError(steps: [Step]) async throws {
    let server = ScriptedServer(always: steps)
    let error = await failure { try await makeTransport().send(get(server, byteCountMax: 100_000)) }
    #expect(error?.code == .resourceLimit)
    #expect(error?.retry == .never)
  }

  @Test func aBodyThatAProxyCompressedIsRefused() async throws {
    let server = ScriptedServer(
      always: .answer(headers: [("Content-Encoding", "gzip")], bytes: [0x1F, 0x8B, 8, 0]))
    let error = await failure { try await makeTransport().send(get(server)) }
    #expect(error?.code == .corrupt)
    #expect(error?.message.contains("gzip") == true)
  }

  @Test func aRedirectIsAnAnswerAndIsNotFollowed() async throws {
    let stranger = ScriptedServer(always: .answer(body: "stolen"))
    let server = ScriptedServer(always: .answer(307, headers: [("Location", stranger.endpoint + "/k")]))
    var request = get(server)
    request.headers = [HTTPHeader("Authorization", "mine")]
    let response = try await makeTransport().send(request)
    #expect(response.status == 307)
    #expect(stranger.requests.isEmpty)
  }

  @Test(arguments: ["http://127.0.0.1:1/", "file:///etc/hostname", "ftp://127.0.0.1/"])
  func otherSchemesThanHTTPSAreRefusedUnlessAllowed(url: String) async throws {
    let error = await failure {
      try await CurlTransport().send(HTTPRequest(method: "GET", url: url))
    }
    #expect(error?.retry == .never)
    #expect(error?.mayHaveBeenApplied == false)
    #expect(error?.advice?.contains("allow_http") == true)
  }
}
