package import ObjectStore
package import SternaBase

extension S3ObjectStore {
  package func put(
    _ key: String, _ bytes: Bytes, mode: PutMode, digest: SHA256Digest?
  ) async throws -> PutResult {
    _ = try KeyBytes(checking: key)
    if mode == .overwrite && bytes.count > multipart.thresholdByteCount {
      return try await putInParts(key, bytes)
    }
    var request = S3Request(.putObject, key: key)
    request.body = bytes
    request.digest = digest
    request.mode = mode
    guard case .ifMatch = mode, eTagForm == nil else {
      return try await put(request, form: eTagForm ?? .quoted)
    }
    // Ceph RGW 16 matches the bare tag only, AWS wants the quotes. The first condition that holds tells;
    // until then a refusal may only mean that the server reads tags otherwise. To ask again in the other
    // form is safe: the condition is the same, and the refusal was certain.
    do {
      return try await learning(.quoted, from: request)
    } catch let refusal as SternaError where refusal.code == .preconditionFailed {
      do {
        return try await learning(.bare, from: request)
      } catch let second as SternaError where second.code == .preconditionFailed {
        throw refusal
      }
    }
  }

  private func learning(_ form: ETagForm, from request: S3Request) async throws -> PutResult {
    let result = try await put(request, form: form)
    client.withState { $0.eTagForm = form }
    return result
  }

  private func put(_ request: S3Request, form: ETagForm) async throws -> PutResult {
    var request = request
    if let condition = try condition(request.mode, form: form, key: request.key ?? "") {
      request.headers.append(condition)
    }
    let tag = ObjectAnswer(try await client.send(request)).tag
    guard !tag.value.isEmpty || !request.mode.isConditional else {
      // A HEAD could tell the tag of somebody else's later write, and a put conditioned on that would undo
      // it.
      throw SternaError(
        .unsupportedStore, "the server gives no ETag for what it stored",
        advice: "Check for a proxy that removes headers; without tags, writers cannot be kept apart.",
        key: request.key, mayHaveBeenApplied: true)
    }
    return PutResult(tag: tag)
  }

  private func condition(
    _ mode: PutMode, form: ETagForm, key: String
  ) throws(SternaError) -> HTTPHeader? {
    switch mode {
    case .overwrite: return nil
    case .create: return HTTPHeader("If-None-Match", "*")
    case .ifMatch(let tag):
      guard !tag.value.isEmpty else {
        throw SternaError(
          .unsupportedStore, "the server gave no ETag for this object, so a write cannot depend on it",
          key: key)
      }
      return HTTPHeader("If-Match", form == .quoted ? tag.quoted : tag.value)
    }
  }
}
