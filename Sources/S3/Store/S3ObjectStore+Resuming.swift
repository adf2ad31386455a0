internal import ObjectStore
internal import SternaBase

extension S3ObjectStore {
  /// How often one download is taken up again before the failure is the caller's.
  private static let resumptionCountMax = 3

  /// Sends a GET; when its connection breaks in the middle, asks for the rest instead of starting over.
  func download(_ request: S3Request) async throws -> HTTPResponse {
    do {
      return try await client.send(request)
    } catch let error as SternaError {
      guard var rest = ResumableDownload(error, request: request) else { throw error }
      for _ in 0..<Self.resumptionCountMax {
        do {
          return try rest.join(try await client.send(rest.request(from: request)))
        } catch let next as SternaError {
          // 412: the object is another one by now. Any other failure: the rest is not to be had either.
          guard rest.advance(by: next) else { throw error }
        }
      }
      throw error
    }
  }
}

/// A download that broke off: what has arrived, and which bytes of which object are missing.
struct ResumableDownload {
  /// Less is sooner fetched again than put together.
  static let byteCountMin = 256 << 10

  private let head: HTTPResponse
  private let tag: ETag
  /// Where in the object the whole answer lies.
  private let wanted: Range<Int>
  private var pieces: [Bytes]
  private var receivedByteCount: Int { pieces.reduce(0) { $0 + $1.count } }
  private var missing: Range<Int> { (wanted.lowerBound + receivedByteCount)..<wanted.upperBound }

  /// Nil when the failure left nothing that is worth building on, or that could be told from another
  /// object's.
  init?(_ error: SternaError, request: S3Request) {
    guard error.retry != .never, let broken = error.underlying as? BrokenAnswer else { return nil }
    let answer = ObjectAnswer(broken.received)
    guard !answer.tag.value.isEmpty, broken.received.body.count >= Self.byteCountMin else { return nil }
    if let text = broken.received.header("content-range") {
      guard let content = ContentRange(text) else { return nil }
      wanted = content.bytes
    } else {
      guard broken.received.status == 200, let byteCount = answer.announcedByteCount else { return nil }
      wanted = 0..<byteCount
    }
    head = broken.received
    tag = answer.tag
    pieces = [broken.received.body]
    guard receivedByteCount < wanted.count else { return nil }
  }

  /// The request for what is missing, on the condition that it is still the same object.
  func request(from original: S3Request) -> S3Request {
    var request = original
    request.headers.removeAll { $0.name == "Range" }
    if let range = GetRange.bytes(missing).headerValue {
      request.headers.append(HTTPHeader("Range", range))
    }
    request.headers.append(HTTPHeader("If-Match", tag.quoted))
    return request
  }

  /// Takes what arrived before the rest broke off too.
  /// - Returns: false when it cannot go on.
  mutating func advance(by error: SternaError) -> Bool {
    guard error.retry != .never, let broken = error.underlying as? BrokenAnswer else { return false }
    guard isRest(broken.received), broken.received.body.count < missing.count else { return false }
    pieces.append(broken.received.body)
    return true
  }

  /// The answer as it would have been in one piece.
  func join(_ rest: HTTPResponse) throws(SternaError) -> HTTPResponse {
    guard isRest(rest), rest.body.count == missing.count else {
      // Transient, as the failure was that led here: the next attempt starts over.
      throw SternaError(.unavailable, "a broken download could not be resumed", retry: .transient)
    }
    var body = HTTPResponseBody()
    body.reserve(wanted.count)
    for piece in pieces + [rest.body] { piece.withUnsafeBytes { body.append($0) } }
    return HTTPResponse(status: head.status, headers: head.headers, body: body.finish())
  }

  /// A server may ignore the condition, the range or both: its headers tell.
  private func isRest(_ response: HTTPResponse) -> Bool {
    response.header("content-range").flatMap { ContentRange($0) }?.bytes == missing
      && ObjectAnswer(response).tag == tag
  }
}
