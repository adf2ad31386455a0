internal import SternaBase

/// What the sources of temporary credentials work with.
struct CredentialServices: Sendable {
  let transport: any HTTPTransport
  let environment: Environment
  let process: ProcessEnvironment
  /// Where the security token service is asked.
  let region: String

  init(
    transport: any HTTPTransport, environment: Environment, process: ProcessEnvironment, region: String
  ) {
    self.transport = transport
    self.environment = environment
    self.process = process
    self.region = region
  }

  /// No answer of these services is longer.
  static let responseByteCountMax = 256 << 10

  func send(
    _ method: String, _ url: String, headers: [HTTPHeader] = [], body: Bytes = .empty,
    timeoutMilliseconds: Int
  ) async throws -> HTTPResponse {
    try await transport.send(
      HTTPRequest(
        method: method, url: url, headers: headers, body: body,
        responseByteCountMax: Self.responseByteCountMax, timeoutMilliseconds: timeoutMilliseconds))
  }

  /// A small text file (a token), without the line end behind it; never with one inside, which in a header
  /// would start another.
  func readToken(_ path: String) throws(SternaError) -> String {
    guard let bytes = try process.readFile(process.expandingHome(path)) else {
      throw SternaError(
        .credentials, "token file '\(path)' does not exist",
        advice: "Check the variable or profile setting that names the token file.")
    }
    let text = bytes.utf8String.map { $0.trimmingASCIIWhitespace() } ?? ""
    guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw SternaError(
        .credentials, "token file '\(path)' does not hold one token",
        advice: "Check the content of the token file.")
    }
    return text
  }
}

extension StringProtocol {
  /// The text without the white space at its two ends.
  func trimmingASCIIWhitespace() -> String {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    let bytes = Array(utf8.drop(while: isSpace))
    guard let last = bytes.lastIndex(where: { !isSpace($0) }) else { return "" }
    return String(decoding: bytes[...last], as: UTF8.self)
  }
}
