package import ObjectStore
internal import SternaBase

extension S3ObjectStore {
  package func get(_ key: String, range: GetRange) async throws -> GetResult {
    _ = try KeyBytes(checking: key)
    // A range that no object could satisfy is the caller's fault; servers answer it in many ways.
    _ = try range.resolve(objectByteCount: .max)
    var request = S3Request(.getObject, key: key)
    request.responseByteCountMax = S3Request.objectByteCountMax
    if let value = range.headerValue { request.headers.append(HTTPHeader("Range", value)) }
    do {
      return try ObjectAnswer(try await download(request)).result(for: range, key: key)
    } catch let error as SternaError where error.httpStatus == 416 {
      guard case .suffix = range else { throw error }
      // An empty object has no last byte, so S3 refuses its suffix; the contract says that it is all there
      // is.
      return try await get(key, range: .whole)
    }
  }

  package func head(_ key: String) async throws -> ObjectMetadata {
    _ = try KeyBytes(checking: key)
    let answer = ObjectAnswer(try await client.send(S3Request(.headObject, key: key)))
    guard let byteCount = answer.announcedByteCount else {
      throw SternaError(.requestFailed, "the answer to HEAD gives no size", key: key)
    }
    return ObjectMetadata(byteCount: byteCount, tag: answer.tag)
  }
}

extension GetRange {
  /// The `Range` header; nil for the whole object.
  var headerValue: String? {
    switch self {
    case .whole: nil
    case .bytes(let range): "bytes=\(range.lowerBound)-\(range.upperBound - 1)"
    case .suffix(let count): "bytes=-\(count)"
    }
  }
}
