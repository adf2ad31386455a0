internal import ObjectStore
internal import SternaBase

/// The answer to a GET or HEAD of an object, read with suspicion: what is returned is what was asked for.
struct ObjectAnswer {
  private let response: HTTPResponse

  init(_ response: HTTPResponse) { self.response = response }

  /// Empty when the server gives none; such an object can be read, but not be put conditionally.
  var tag: ETag { ETag(wire: response.header("etag") ?? "") }

  var announcedByteCount: Int? {
    response.header("content-length").flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
  }

  func result(for range: GetRange, key: String) throws(SternaError) -> GetResult {
    // rclone answers a range with 200 and a Content-Range: it is the header that tells what the body is.
    guard let text = response.header("content-range") else {
      guard response.status == 200 else { throw mismatch(key, "part of the object without saying which") }
      // 200 without it: the server ignored the range and sent everything.
      let whole = response.body
      return GetResult(
        bytes: whole[try range.resolve(objectByteCount: whole.count)], tag: tag,
        objectByteCount: whole.count)
    }
    guard let content = ContentRange(text) else { throw mismatch(key, "unreadable Content-Range") }
    guard content.bytes == (try range.resolve(objectByteCount: content.objectByteCount)),
      content.bytes.count == response.body.count
    else {
      throw mismatch(key, "bytes \(content.bytes) with a body of \(response.body.count)")
    }
    return GetResult(bytes: response.body, tag: tag, objectByteCount: content.objectByteCount)
  }

  /// Transient: a cache or proxy that mixes answers up may get the next one right.
  private func mismatch(_ key: String, _ detail: String) -> SternaError {
    SternaError(
      .corrupt, "the server answered a range with something else: \(detail)",
      advice: "Check for a cache or proxy between this machine and the store.", key: key, retry: .transient)
  }
}

/// `bytes 0-99/1234`: the part of an object that a body holds, and the object's size.
struct ContentRange: Hashable {
  let bytes: Range<Int>
  let objectByteCount: Int

  /// Nil for anything but a non-empty range within a known size.
  init?(_ text: String) {
    let fields = text.split(whereSeparator: { $0 == " " || $0 == "/" })
    guard fields.count == 3, fields[0].lowercased() == "bytes", let total = Int(fields[2]) else {
      return nil
    }
    let ends = fields[1].split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, let first = Int(ends[0]), let last = Int(ends[1]), first >= 0, first <= last,
      last < total
    else { return nil }
    bytes = first..<(last + 1)
    objectByteCount = total
  }
}
