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
    if let condition = try condition(mode, form: eTagForm, key: key) { request.headers.append(condition) }
    let tag = ObjectAnswer(try await client.send(request)).tag
    guard !tag.value.isEmpty || !mode.isConditional else {
      // A HEAD could tell the tag of somebody else's later write, and a put conditioned on that would undo it.
      throw SternaError(
        .unsupportedStore, "the server gives no ETag for what it stored",
        advice: "Check for a proxy that removes headers; without tags, writers cannot be kept apart.",
        key: key, mayHaveBeenApplied: true)
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
      // Ceph RGW 16 matches the bare tag only, AWS wants the quotes: see `discoverETagForm`.
      return HTTPHeader("If-Match", form == .quoted ? tag.quoted : tag.value)
    }
  }

  /// Finds out how the server wants tags in `If-Match`, and remembers it for this store.
  ///
  /// A scratch object is written under `prefix` and removed again. A server that ignores `If-Match` seems to
  /// take the quoted form: whether conditions hold at all is for the proof by racing to find out.
  ///
  /// - Throws: `unsupportedStore` when the server refuses a true condition in every form.
  @discardableResult
  package func discoverETagForm(prefix: String) async throws -> ETagForm {
    let key = "\(prefix)etag-form-\(environment.makeUniqueID())"
    let body = Bytes(utf8: "Sterna wrote this to learn how this server compares entity tags.")
    let known = eTagForm
    let tag = try await put(key, body).tag
    for form in ETagForm.allCases {
      eTagForm = form
      do {
        try await put(key, body, mode: .ifMatch(tag))
        try? await delete(key)
        return form
      } catch let error as SternaError
        where error.code == .preconditionFailed || error.code == .objectNotFound
      {
        continue
      }
    }
    eTagForm = known
    try? await delete(key)
    throw SternaError(
      .unsupportedStore, "the server refuses If-Match with the very tag that it gave",
      advice: "Open the store with single_writer if nobody else writes to it.")
  }
}
