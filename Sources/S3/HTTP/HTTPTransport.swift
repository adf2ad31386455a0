package import SternaBase

/// Sends one HTTP request and returns its answer: no retries, no redirects, no authentication.
///
/// The seam between what decides (signing, credentials, retries) and what moves bytes (libcurl), so that
/// the former is tested with scripted answers.
package protocol HTTPTransport: Sendable {
  /// - Throws: a `SternaError` when there is no whole answer: `unavailable` with a retry class,
  ///   `cancelled`,
  ///   `mayHaveBeenApplied` unless it is certain that the server never saw the request. Any status is an
  ///   answer.
  func send(_ request: HTTPRequest) async throws -> HTTPResponse
}

package struct HTTPRequest: Sendable {
  package var method: String
  /// Scheme, host, port, path and query, exactly as they go on the wire: already encoded, never normalised.
  package var url: String
  package var headers: [HTTPHeader]
  package var body: Bytes
  /// The most bytes of an answer's body; a longer one is an error.
  package var responseByteCountMax: Int
  /// Overall time for the exchange, in milliseconds; nil: from the size of the request and answer.
  package var timeoutMilliseconds: Int?
  /// Whether sending it twice is the same as sending it once, though it changes state.
  package var isIdempotent = false

  package init(
    method: String, url: String, headers: [HTTPHeader] = [], body: Bytes = .empty,
    responseByteCountMax: Int = 1 << 31, timeoutMilliseconds: Int? = nil
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.responseByteCountMax = responseByteCountMax
    self.timeoutMilliseconds = timeoutMilliseconds
  }
}

extension HTTPRequest {
  /// False for requests that only read: a lost answer to one of them has no effect that could be unknown.
  package var changesState: Bool { method != "GET" && method != "HEAD" }
}

package struct HTTPHeader: Hashable, Sendable {
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

package struct HTTPResponse: Sendable {
  package var status: Int
  package var headers: [HTTPHeader]
  package var body: Bytes

  package init(status: Int, headers: [HTTPHeader] = [], body: Bytes = .empty) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The first value of a header, whose name is compared without case.
  package func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}

/// The part of an answer that arrived before its connection broke: the `underlying` of the transport's
/// error, so that a long download can go on where it stopped.
package struct BrokenAnswer: Error, Sendable {
  package var received: HTTPResponse

  package init(received: HTTPResponse) { self.received = received }
}
