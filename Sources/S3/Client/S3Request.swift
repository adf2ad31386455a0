internal import ObjectStore
internal import SternaBase

/// One S3 request before it is signed: everything about it that stays the same over its attempts.
struct S3Request: Sendable {
  var operation: S3Operation
  /// Nil: the bucket itself.
  var key: String?
  var query: [QueryItem] = []
  var headers: [HTTPHeader] = []
  var body: Bytes = .empty
  /// The SHA-256 of `body`, where it is known already.
  var digest: SHA256Digest?
  /// The condition of a put, for judging a refusal.
  var mode: PutMode = .overwrite
  var responseByteCountMax = S3Request.documentByteCountMax
  /// Nil: by the bytes that are moved.
  var timeoutMilliseconds: Int?

  /// The most bytes of an XML answer: 1,000 keys of 1,024 bytes, each byte escaped to six, with tags
  /// around.
  static let documentByteCountMax = 16 << 20
  /// The most bytes of an object that is read into memory in one piece.
  static let objectByteCountMax = 1 << 31

  init(_ operation: S3Operation, key: String? = nil) {
    self.operation = operation
    self.key = key
  }

  func url(_ bucket: S3URL) -> String { key.map { bucket.object($0, query) } ?? bucket.bucket(query) }

  /// The hash that the signature promises of the body.
  var payload: PayloadHash {
    if let digest { return .digest(digest) }
    return body.isEmpty ? .empty : .digest(SHA256Digest(hashing: body))
  }
}

extension S3Operation {
  var method: String {
    switch self {
    case .getObject, .listObjects, .getBucketLocation: "GET"
    case .headObject, .headBucket: "HEAD"
    case .putObject, .copyObject, .uploadPart: "PUT"
    case .deleteObject, .abortMultipartUpload: "DELETE"
    case .deleteObjects, .createMultipartUpload, .completeMultipartUpload: "POST"
    }
  }
}
