internal import ObjectStore
internal import SternaBase

extension S3ObjectStore {
  /// A server may join the parts of a large object for minutes before its first byte of answer.
  private static let completionTimeoutMilliseconds = 300_000
  private static let backoffBaseNanoseconds: Int64 = 200_000_000

  /// Uploads an object in parts. It appears whole or not at all; parts of a failed upload are removed.
  func putInParts(_ key: String, _ bytes: Bytes) async throws -> PutResult {
    var create = S3Request(.createMultipartUpload, key: key)
    create.query = [QueryItem("uploads")]
    let uploadID = try MultipartUpload.parseUploadID(try await client.send(create).body)
    do {
      let parts = try await uploadParts(key, bytes, uploadID)
      return PutResult(tag: try await complete(key, parts, uploadID))
    } catch {
      await abort(key, uploadID)
      throw error
    }
  }

  private func uploadParts(
    _ key: String, _ bytes: Bytes, _ uploadID: String
  ) async throws -> [MultipartUpload.Part] {
    var rest = Array(multipart.parts(ofByteCount: bytes.count).enumerated()).makeIterator()
    return try await withThrowingTaskGroup(of: MultipartUpload.Part.self) { group in
      func startNext() {
        guard let (index, range) = rest.next() else { return }
        group.addTask { try await self.uploadPart(key, bytes[range], number: index + 1, uploadID) }
      }
      for _ in 0..<multipart.parallelPartCount { startNext() }
      var parts: [MultipartUpload.Part] = []
      for try await part in group {
        parts.append(part)
        startNext()
      }
      return parts.sorted { $0.number < $1.number }
    }
  }

  private func uploadPart(
    _ key: String, _ bytes: Bytes, number: Int, _ uploadID: String
  ) async throws -> MultipartUpload.Part {
    var request = S3Request(.uploadPart, key: key)
    request.query = [QueryItem("partNumber", String(number)), QueryItem("uploadId", uploadID)]
    request.body = bytes
    request.digest = SHA256Digest(hashing: bytes)
    var attempt = 1
    while true {
      do {
        return MultipartUpload.Part(number: number, tag: ObjectAnswer(try await client.send(request)).tag)
      } catch let error as SternaError where error.retry != .never && attempt < multipart.attemptCountMax {
        try await environment.sleep(
          environment.random(below: Self.backoffBaseNanoseconds << Int64(attempt)))
        attempt += 1
      }
    }
  }

  private func complete(
    _ key: String, _ parts: [MultipartUpload.Part], _ uploadID: String
  ) async throws -> ETag {
    var request = S3Request(.completeMultipartUpload, key: key)
    request.query = [QueryItem("uploadId", uploadID)]
    request.body = MultipartUpload.completionBody(parts)
    request.timeoutMilliseconds = Self.completionTimeoutMilliseconds
    do {
      switch try MultipartUpload.parseCompletion(try await client.send(request).body) {
      case .completed(let tag?): return tag
      // Ceph RGW 16 answers with an empty ETag.
      case .completed(nil): return try await head(key).tag
      case .failed(let body): throw try await client.error(body, in: request)
      }
    } catch let error as SternaError where error.mayHaveBeenApplied {
      // A lost answer, or `NoSuchUpload` after one: the object's tag tells whether it consists of these
      // parts.
      guard let expected = ETag(joining: parts), let present = try? await head(key), present.tag == expected
      else { throw error }
      return expected
    }
  }

  /// Best effort, and also when the task is cancelled: left-over parts cost money.
  private func abort(_ key: String, _ uploadID: String) async {
    var request = S3Request(.abortMultipartUpload, key: key)
    request.query = [QueryItem("uploadId", uploadID)]
    _ = await Task { [client, request] in try? await client.send(request) }.value
  }
}

extension ETag {
  /// The tag of an object made from parts, where servers form it as AWS does: from the MD5 of the parts'
  /// MD5s. Nil where the parts' tags are no MD5 (with encryption by a managed key).
  init?(joining parts: [MultipartUpload.Part]) {
    var digests: [UInt8] = []
    for part in parts {
      guard let digest = Hex.decode(part.tag.value), digest.count == MD5Digest.byteCount else { return nil }
      digests += digest
    }
    self.init("\(Hex.encode(MD5Digest.hashing(Bytes(digests))))-\(parts.count)")
  }
}
