import Glibc
import Synchronization

@testable import S3

/// A server on loopback that does exactly what a test tells it, also what no honest server would.
///
/// It runs on threads of its own with blocking sockets: simple, and independent of what it tests. They keep
/// it alive until `stop` or the end of the process, so that no test depends on when a variable is released.
final class ScriptedServer: Sendable {
  /// What the server does after it has read a request.
  enum Step: Sendable {
    case send([UInt8])
    case pause(milliseconds: Int)
    /// Sends filler, `every` milliseconds a piece, until the client goes away.
    case flood(piece: [UInt8], everyMilliseconds: Int)
    /// Says nothing more until the client or the test ends it.
    case stall
    case close
    /// Closes so that the client sees a reset.
    case reset
  }

  struct Request: Sendable {
    var head: String
    var body: [UInt8]
    /// Counted over all connections, from 0.
    var number: Int
    var connection: Int

    var method: String { String(head.prefix { $0 != " " }) }
    var target: String { head.split(separator: " ").dropFirst().first.map(String.init) ?? "" }

    func header(_ name: String) -> String? {
      for line in head.split(separator: "\r\n").dropFirst() {
        let fields = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        if fields.count == 2, fields[0].lowercased() == name.lowercased() {
          return String(fields[1].drop { $0 == " " })
        }
      }
      return nil
    }
  }

  typealias Script = @Sendable (Request) -> [Step]

  struct Behaviour: Sendable {
    var answersContinue = true
    /// After so many bytes of a request's body the server acts, without reading the rest.
    var bodyByteCountRead: Int?
  }

  private struct State {
    var requests: [Request] = []
    var sockets: Set<Int32> = []
    var connectionCount = 0
    var isStopped = false
  }

  let port: Int
  private let listener: Int32
  private let script: Script
  private let behaviour: Behaviour
  private let state = Mutex(State())

  init(behaviour: Behaviour = Behaviour(), script: @escaping Script) {
    self.script = script
    self.behaviour = behaviour
    (listener, port) = Self.listen()
    startThread { self.acceptConnections() }
  }

  /// Answers every request with the same steps.
  convenience init(behaviour: Behaviour = Behaviour(), always steps: [Step]) {
    self.init(behaviour: behaviour) { _ in steps }
  }

  var endpoint: String { "http://127.0.0.1:\(port)" }
  var requests: [Request] { state.withLock { $0.requests } }
  var connectionCount: Int { state.withLock { $0.connectionCount } }
  /// Connections that neither side has closed.
  var openConnectionCount: Int { state.withLock { $0.sockets.count } }

  /// Refuses connections from now on and breaks those that there are.
  func stop() {
    // Each socket is closed by its own thread only: a number that is closed here could be somebody else's
    // by the time that thread uses it.
    state.withLock { state in
      guard !state.isStopped else { return }
      state.isStopped = true
      shutdown(listener, Int32(SHUT_RDWR))
      state.sockets.forEach { _ = shutdown($0, Int32(SHUT_RDWR)) }
    }
  }

  private static func listen() -> (socket: Int32, port: Int) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        precondition(bind(listener, generic, length) == 0, "no loopback port for a test server")
        precondition(Glibc.listen(listener, 64) == 0)
        getsockname(listener, generic, &length)
      }
    }
    return (listener, Int(UInt16(bigEndian: address.sin_port)))
  }

  private func acceptConnections() {
    while true {
      let socket = accept(listener, nil, nil)
      guard socket >= 0, let number = adopt(socket) else {
        if socket >= 0 { close(socket) }
        close(listener)
        return
      }
      startThread { self.serve(socket, number) }
    }
  }

  /// - Returns: the connection's number; nil when the server has been stopped.
  private func adopt(_ socket: Int32) -> Int? {
    state.withLock { state in
      guard !state.isStopped else { return nil }
      state.sockets.insert(socket)
      state.connectionCount += 1
      return state.connectionCount - 1
    }
  }

  private func serve(_ socket: Int32, _ number: Int) {
    let connection = ScriptedConnection(socket: socket, behaviour: behaviour)
    while let request = connection.readRequest() {
      guard connection.play(script(record(request, connection: number))) else { break }
    }
    _ = state.withLock { $0.sockets.remove(socket) }
    close(socket)
  }

  private func record(_ request: (head: String, body: [UInt8]), connection: Int) -> Request {
    state.withLock { state in
      let recorded = Request(
        head: request.head, body: request.body, number: state.requests.count, connection: connection)
      state.requests.append(recorded)
      return recorded
    }
  }

}

/// Runs work on a new thread, away from the cooperative pool that the test itself needs.
func startThread(_ work: @escaping @Sendable () -> Void) {
  final class Box {
    let work: @Sendable () -> Void
    init(_ work: @escaping @Sendable () -> Void) { self.work = work }
  }
  var thread = pthread_t()
  let context = Unmanaged.passRetained(Box(work)).toOpaque()
  pthread_create(
    &thread, nil,
    { context in
      if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().work() }
      return nil
    }, context)
  pthread_detach(thread)
}

extension [ScriptedServer.Step] {
  /// A well-formed answer.
  static func answer(
    _ status: Int = 200, headers: [(String, String)] = [], body: String = ""
  ) -> [ScriptedServer.Step] {
    answer(status, headers: headers, bytes: [UInt8](body.utf8))
  }

  static func answer(
    _ status: Int = 200, headers: [(String, String)] = [], bytes: [UInt8]
  ) -> [ScriptedServer.Step] {
    head(status, headers: headers + [("Content-Length", "\(bytes.count)")]) + [.send(bytes)]
  }

  /// Only the status line and headers.
  static func head(_ status: Int = 200, headers: [(String, String)]) -> [ScriptedServer.Step] {
    let lines = headers.map { "\($0.0): \($0.1)\r\n" }.joined()
    return [.send([UInt8]("HTTP/1.1 \(status) Status\r\n\(lines)\r\n".utf8))]
  }
}
