internal import CCurl
internal import SternaBase

/// A libcurl easy handle. `CURL *` is `void *` in C.
typealias CurlHandle = UnsafeMutableRawPointer

extension CurlTransfer {
  /// Tells an easy handle everything about this transfer.
  ///
  /// - Returns: the header list, which the caller frees when the transfer is over.
  func configure(_ handle: CurlHandle) -> UnsafeMutablePointer<curl_slist>? {
    for option in settings.options {
      switch option {
      case .number(let name, let value): _ = sterna_curl_set_long(handle, name, value)
      case .text(let name, let value): _ = sterna_curl_set_string(handle, name, value)
      }
    }
    _ = sterna_curl_set_string(handle, CURLOPT_URL, request.url)
    configureMethod(handle)
    configureCallbacks(handle)
    if request.timeoutMilliseconds != nil {
      // Who names a time is ready to wait that long for a first byte (a server joining a multipart upload).
      _ = sterna_curl_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, 0)
    }
    let headers = makeHeaderList()
    _ = sterna_curl_set_pointer(handle, CURLOPT_HTTPHEADER, headers)
    return headers
  }

  private func configureMethod(_ handle: CurlHandle) {
    switch request.method {
    case "GET":
      _ = sterna_curl_set_long(handle, CURLOPT_HTTPGET, 1)
    case "HEAD":
      _ = sterna_curl_set_long(handle, CURLOPT_NOBODY, 1)
    case "DELETE":
      _ = sterna_curl_set_string(handle, CURLOPT_CUSTOMREQUEST, "DELETE")
    default:
      _ = sterna_curl_set_long(handle, CURLOPT_UPLOAD, 1)
      _ = sterna_curl_set_offset(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(request.body.count))
      _ = sterna_curl_set_string(handle, CURLOPT_CUSTOMREQUEST, request.method)
      // libcurl repeats a request on its own when a reused connection turns out to be closed. With a body
      // it cannot, for there is no seek callback; without one it must not, or a conditional put could be
      // applied twice and answer "precondition failed" to itself.
      if request.body.isEmpty && !request.isIdempotent {
        _ = sterna_curl_set_long(handle, CURLOPT_FRESH_CONNECT, 1)
      }
    }
  }

  private func makeHeaderList() -> UnsafeMutablePointer<curl_slist>? {
    let expect = request.body.count >= settings.expectContinueByteCount ? "Expect: 100-continue" : "Expect:"
    var list = curl_slist_append(nil, expect)
    // Not signed, so that a proxy that changes it does not break the signature.
    list = curl_slist_append(list, "Accept-Encoding: identity")
    for header in request.headers {
      // libcurl takes "Name:" as "remove this header"; "Name;" sends an empty one.
      let line = header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)"
      list = curl_slist_append(list, line)
    }
    return list
  }

  private func configureCallbacks(_ handle: CurlHandle) {
    // Unretained: the I/O thread holds the transfer for as long as the handle is in use.
    let context = Unmanaged.passUnretained(self).toOpaque()
    _ = sterna_curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
    _ = sterna_curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
    _ = sterna_curl_set_pointer(handle, CURLOPT_READDATA, context)
    _ = sterna_curl_set_data_callback(handle, CURLOPT_HEADERFUNCTION) { data, size, count, context in
      let line = UnsafeRawBufferPointer(start: data, count: size * count)
      return CurlTransfer.from(context).receive(headerLine: line) ? line.count : 0
    }
    _ = sterna_curl_set_data_callback(handle, CURLOPT_WRITEFUNCTION) { data, size, count, context in
      let bytes = UnsafeRawBufferPointer(start: data, count: size * count)
      // Any other number than that of the bytes stops the transfer; 0 would not do for an empty run.
      return CurlTransfer.from(context).receive(bodyBytes: bytes) ? bytes.count : bytes.count + 1
    }
    _ = sterna_curl_set_data_callback(handle, CURLOPT_READFUNCTION) { data, size, count, context in
      CurlTransfer.from(context).upload(
        into: UnsafeMutableRawBufferPointer(start: data, count: size * count))
    }
  }

  private static func from(_ context: UnsafeMutableRawPointer?) -> CurlTransfer {
    guard let context else { preconditionFailure("libcurl called back without its context") }
    return Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
  }
}
