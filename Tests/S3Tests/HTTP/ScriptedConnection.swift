import Glibc

/// One accepted connection of a `ScriptedServer`: reads requests, plays steps.
struct ScriptedConnection: Sendable {
  let socket: Int32
  let behaviour: ScriptedServer.Behaviour

  init(socket: Int32, behaviour: ScriptedServer.Behaviour) {
    self.socket = socket
    self.behaviour = behaviour
    // Head and body are sent apart: without this the second waits 40 ms for the first's acknowledgement.
    var isOn: Int32 = 1
    setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
  }

  /// The next request; nil when the client has closed.
  func readRequest() -> (head: String, body: [UInt8])? {
    guard let head = readHead() else { return nil }
    let byteCount = contentLength(of: head)
    if head.lowercased().contains("\r\nexpect: 100-continue"), behaviour.answersContinue {
      send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
    }
    guard let body = read(min(byteCount, behaviour.bodyByteCountRead ?? .max)) else { return nil }
    return (head, body)
  }

  /// - Returns: false when the connection is over.
  func play(_ steps: [ScriptedServer.Step]) -> Bool {
    for step in steps {
      switch step {
      case .send(let bytes):
        guard send(bytes) else { return false }
      case .pause(let milliseconds): usleep(UInt32(milliseconds) * 1_000)
      case .flood(let piece, let milliseconds):
        while send(piece) { usleep(UInt32(milliseconds) * 1_000) }
        return false
      case .stall:
        _ = read(1)
        return false
      case .close: return false
      case .reset:
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        return false
      }
    }
    return true
  }

  private func readHead() -> String? {
    var head: [UInt8] = []
    while !head.suffix(4).elementsEqual(Array("\r\n\r\n".utf8)) {
      guard let byte = read(1) else { return nil }
      head += byte
    }
    return String(decoding: head, as: UTF8.self)
  }

  private func contentLength(of head: String) -> Int {
    for line in head.lowercased().split(separator: "\r\n") where line.hasPrefix("content-length:") {
      return Int(line.dropFirst("content-length:".count).drop { $0 == " " }) ?? 0
    }
    return 0
  }

  private func read(_ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = bytes.withUnsafeMutableBytes { recv(socket, $0.baseAddress! + filled, count - filled, 0) }
      guard got > 0 else { return nil }
      filled += got
    }
    return bytes
  }

  @discardableResult
  private func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let put = bytes.withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard put > 0 else { return false }
      sent += put
    }
    return true
  }
}
