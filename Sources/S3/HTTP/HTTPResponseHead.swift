package import SternaBase

/// The status line and headers of an answer, collected line by line from a server that may send anything.
///
/// Interim answers (`100 Continue`) are forgotten when the next status line arrives; trailers behind the
/// body are ignored.
package struct HTTPResponseHead: Sendable {
  package private(set) var status = 0
  package private(set) var headers: [HTTPHeader] = []
  /// True behind the empty line of a final (not 1xx) answer.
  package private(set) var isComplete = false
  private var byteCount = 0

  package init() {}

  /// Takes one line, with or without its line end.
  package mutating func receive(
    line: some Collection<UInt8>, byteCountMax: Int
  ) throws(SternaError) {
    byteCount += line.count
    guard byteCount <= byteCountMax else {
      throw SternaError(
        .unavailable, "the answer's headers are longer than \(byteCountMax) bytes",
        advice: "Check that the endpoint is an S3 server.")
    }
    let content = String(decoding: line, as: UTF8.self).trimmingASCIIWhitespace()
    if content.hasPrefix("HTTP/") {
      startAnswer(statusLine: content)
    } else if content.isEmpty {
      isComplete = isComplete || status >= 200
    } else if !isComplete, let colon = content.firstIndex(of: ":") {
      headers.append(
        HTTPHeader(
          content[..<colon].trimmingASCIIWhitespace(),
          content[content.index(after: colon)...].trimmingASCIIWhitespace()))
    }
  }

  private mutating func startAnswer(statusLine: String) {
    let fields = statusLine.split(separator: " ", maxSplits: 2)
    status = fields.count > 1 ? Int(fields[1]) ?? 0 : 0
    headers = []
    isComplete = false
  }

  package var isSuccess: Bool { (200..<300).contains(status) }

  /// The body's announced size; nil when it is chunked or not announced.
  package var contentByteCount: Int? {
    guard first("transfer-encoding") == nil, let text = first("content-length"), let count = Int(text),
      count >= 0
    else { return nil }
    return count
  }

  /// The coding of a body that somebody compressed on the way; nil when its bytes are the object's own.
  package var foreignContentEncoding: String? {
    guard let coding = first("content-encoding")?.lowercased() else { return nil }
    // `aws-chunked` names how the object was once uploaded, not how it is sent.
    return ["", "identity", "aws-chunked"].contains(coding) ? nil : coding
  }

  private func first(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name }?.value
  }
}
