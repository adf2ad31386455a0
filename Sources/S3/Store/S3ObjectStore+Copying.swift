package import ObjectStore
internal import SternaBase

extension S3ObjectStore {
  /// A server may copy a large object for minutes before its first byte of answer.
  private static let copyTimeoutMilliseconds = 300_000

  /// CopyObject, of objects up to S3's 5 GB: what Sterna copies is blocks, of 2 GiB at most.
  package func copy(_ source: String, to key: String) async throws {
    for key in [source, key] { _ = try KeyBytes(checking: key) }
    guard !client.withState({ $0.cannotCopy }) else { throw cannotCopy(key) }
    var request = S3Request(.copyObject, key: key)
    request.headers = [HTTPHeader("x-amz-copy-source", S3URL.copySource(source, in: client.bucket))]
    request.timeoutMilliseconds = Self.copyTimeoutMilliseconds
    do {
      switch try CopyObjectAnswer(try await client.send(request).body) {
      case .copied: return
      case .failed(let body): throw try await client.error(body, in: request)
      case .storedNothing: throw cannotCopy(key).with { $0.mayHaveBeenApplied = true }
      }
    } catch let error as SternaError where error.code == .unsupportedStore {
      client.withState { $0.cannotCopy = true }
      throw error
    } catch let error as SternaError where error.code == .objectNotFound {
      throw error.with { $0.key = source }
    }
  }

  private func cannotCopy(_ key: String) -> SternaError {
    SternaError(.unsupportedStore, "the server does not copy objects", key: key)
  }
}

/// What a server says to CopyObject with status 200.
enum CopyObjectAnswer: Hashable {
  case copied
  /// S3 sends the head of its answer before it is done: an error then comes under status 200.
  case failed(ServiceErrorBody)
  /// No word of a copy: a server that does not know the header took the request for the put of an empty
  /// object.
  case storedNothing

  init(_ body: Bytes) throws(SternaError) {
    guard !body.isEmpty else {
      self = .storedNothing
      return
    }
    var xml = try XMLScanner(body, subject: "answer to CopyObject")
    let root = try xml.enterRoot()
    switch root {
    case "Error": self = .failed(try ServiceErrorBody(children: &xml))
    case "CopyObjectResult":
      // An answer that breaks off may have been one of failure.
      while try xml.nextChild() != nil { try xml.skip() }
      try xml.finish()
      self = .copied
    default: throw xml.malformed("<\(root)> is not an answer")
    }
  }
}
