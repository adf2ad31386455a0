internal import CCurl
internal import SternaBase

/// One exchange on its way through libcurl: the request, what has arrived of the answer, and who waits for
/// it.
///
/// Invariant: whoever created it hands it to the I/O thread and never touches it again; from then on only
/// the I/O thread reads or writes it, until it resumes the waiting task with the result. Hence
/// `@unchecked`.
final class CurlTransfer: @unchecked Sendable {
  let request: HTTPRequest
  let settings: CurlSettings
  private let completion: (Result<HTTPResponse, SternaError>) -> Void

  private(set) var head = HTTPResponseHead()
  private var body = HTTPResponseBody()
  /// How many bytes of the request's body libcurl has taken.
  private(set) var uploadedByteCount = 0
  /// Why a callback stopped the transfer; it says more than libcurl's "callback failed".
  private(set) var refusal: SternaError?
  /// True when the body of an error was cut: an answer, although libcurl reports a failure.
  private(set) var isCut = false
  /// Set by a cancellation, also by one that arrives before the start.
  var isCancelled = false
  var startNanoseconds: Int64 = 0

  init(
    _ request: HTTPRequest, settings: CurlSettings,
    completion: @escaping (Result<HTTPResponse, SternaError>) -> Void
  ) {
    self.request = request
    self.settings = settings
    self.completion = completion
  }

  func complete(_ result: Result<HTTPResponse, SternaError>) { completion(result) }

  func takeResponse() -> HTTPResponse {
    HTTPResponse(status: head.status, headers: head.headers, body: body.finish())
  }

  /// What there is of an answer's body when its transfer fails; nil when there is nothing to build on.
  func takeBrokenAnswer() -> BrokenAnswer? {
    guard head.isComplete, head.isSuccess, body.count > 0 else { return nil }
    return BrokenAnswer(received: takeResponse())
  }

  /// When the attempt has taken too long. It moves with the size of the answer, which is known late.
  var deadlineNanoseconds: Int64 {
    let milliseconds =
      request.timeoutMilliseconds
      ?? settings.attemptTimeout.milliseconds(
        byteCount: request.body.count + max(head.contentByteCount ?? 0, body.count))
    return startNanoseconds + Int64(milliseconds) * 1_000_000
  }

  // MARK: What libcurl calls, on the I/O thread

  /// - Returns: false to stop the transfer.
  func receive(headerLine line: UnsafeRawBufferPointer) -> Bool {
    do throws(SternaError) {
      let wasComplete = head.isComplete
      try head.receive(line: line, byteCountMax: settings.headerByteCountMax)
      if head.isComplete && !wasComplete { try prepareBody() }
      return true
    } catch {
      refusal = error
      return false
    }
  }

  /// - Returns: false to stop the transfer.
  func receive(bodyBytes bytes: UnsafeRawBufferPointer) -> Bool {
    guard head.isSuccess else { return receive(errorBytes: bytes) }
    guard bytes.count <= request.responseByteCountMax - body.count else {
      refusal = bodyTooLong
      return false
    }
    body.append(bytes)
    return true
  }

  private func receive(errorBytes bytes: UnsafeRawBufferPointer) -> Bool {
    let room = settings.errorBodyByteCountMax - body.count
    body.append(UnsafeRawBufferPointer(rebasing: bytes.prefix(room)))
    isCut = bytes.count > room
    return !isCut
  }

  /// Copies the next bytes of the request's body.
  func upload(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, request.body.count - uploadedByteCount)
    request.body.withUnsafeBytes { bytes in
      buffer.copyMemory(
        from: UnsafeRawBufferPointer(rebasing: bytes[uploadedByteCount..<(uploadedByteCount + count)]))
    }
    uploadedByteCount += count
    return count
  }

  /// Looks at the finished head before the body arrives: what is not wanted is not even received.
  private func prepareBody() throws(SternaError) {
    guard head.isSuccess, request.method != "HEAD" else { return }
    if let coding = head.foreignContentEncoding {
      throw SternaError(
        .corrupt, "the answer's body is encoded as '\(coding)', which was not asked for",
        advice: "A proxy between this machine and the store rewrites bodies; exempt the store from it.")
    }
    guard let count = head.contentByteCount else { return }
    guard count <= request.responseByteCountMax else { throw bodyTooLong }
    body.reserve(count)
  }

  private var bodyTooLong: SternaError {
    SternaError(
      .resourceLimit, "the answer's body is longer than \(request.responseByteCountMax) bytes")
  }
}
