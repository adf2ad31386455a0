package import ObjectStore
package import SternaBase

/// The documents of a multipart upload.
package enum MultipartUpload {
  package struct Part: Hashable, Sendable {
    /// 1...10,000.
    package var number: Int
    package var tag: ETag

    package init(number: Int, tag: ETag) {
      self.number = number
      self.tag = tag
    }
  }

  /// Reads the upload's id from the answer to CreateMultipartUpload.
  package static func parseUploadID(_ body: Bytes) throws(SternaError) -> String {
    var xml = try XMLScanner(body, subject: "answer to CreateMultipartUpload")
    try xml.enterRoot("InitiateMultipartUploadResult")
    var uploadID = ""
    while let name = try xml.nextChild() {
      if name == "UploadId" { uploadID = try xml.text() } else { try xml.skip() }
    }
    try xml.finish()
    guard !uploadID.isEmpty else { throw xml.malformed("upload without an id") }
    return uploadID
  }

  /// The body of CompleteMultipartUpload; parts in ascending order.
  package static func completionBody(_ parts: [Part]) -> Bytes {
    assert(zip(parts, parts.dropFirst()).allSatisfy { $0.number < $1.number })
    var text = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
    for part in parts {
      let tag = XMLText.escape(part.tag.quoted)
      text += "<Part><PartNumber>\(part.number)</PartNumber><ETag>\(tag)</ETag></Part>"
    }
    return Bytes(utf8: text + "</CompleteMultipartUpload>")
  }

  package enum Completion: Hashable, Sendable {
    /// Nil: the server gave none (Ceph RGW 16), a HEAD tells it.
    case completed(ETag?)
    /// S3 sends the head of its answer before it is done: an error then comes under status 200.
    case failed(ServiceErrorBody)
  }

  /// Reads the answer to CompleteMultipartUpload of status 200.
  package static func parseCompletion(_ body: Bytes) throws(SternaError) -> Completion {
    var xml = try XMLScanner(body, subject: "answer to CompleteMultipartUpload")
    let root = try xml.enterRoot()
    if root == "Error" { return .failed(try ServiceErrorBody(children: &xml)) }
    guard root == "CompleteMultipartUploadResult" else { throw xml.malformed("<\(root)> is not an answer") }
    var tag = ""
    while let name = try xml.nextChild() {
      if name == "ETag" { tag = try xml.text() } else { try xml.skip() }
    }
    try xml.finish()
    let value = ETag(wire: tag)
    return .completed(value.value.isEmpty ? nil : value)
  }
}
