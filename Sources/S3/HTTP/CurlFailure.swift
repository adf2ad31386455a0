package import CCurl
package import SternaBase

/// What libcurl's result codes mean to a caller: whether trying again helps, and whether the server may
/// have acted. Pure, so that the table is a test.
package struct CurlFailure {
  package var code: CURLcode
  /// Scheme, host and port: what the user recognises. Never the whole URL, which may carry a signature.
  package var endpoint: String
  /// libcurl's own words, more exact than the code ("Connection refused").
  package var detail: String
  /// False when not one byte of the request went out.
  package var wasSent: Bool
  /// False when the server cannot have seen the whole request, or when the request changes nothing.
  package var canHaveEffect: Bool

  package init(
    code: CURLcode, endpoint: String, detail: String, wasSent: Bool = true, canHaveEffect: Bool = true
  ) {
    self.code = code
    self.endpoint = endpoint
    self.detail = detail
    self.wasSent = wasSent
    self.canHaveEffect = canHaveEffect
  }

  package var error: SternaError {
    SternaError(
      .unavailable, "\(verb) \(endpoint): \(detail)", advice: advice, retry: retryClass,
      mayHaveBeenApplied: wasSent && canHaveEffect)
  }

  private var verb: String {
    if isCertificateFailure { return "cannot trust" }
    return wasSent ? "lost the exchange with" : "cannot reach"
  }

  private var retryClass: SternaError.RetryClass {
    isNonsense || Self.transientCodes.contains { $0 == code } ? .transient : .never
  }

  /// An answer without a status line, which libcurl takes for HTTP/0.9 and calls an unsupported protocol.
  private var isNonsense: Bool { wasSent && code == CURLE_UNSUPPORTED_PROTOCOL }

  private var isCertificateFailure: Bool {
    Self.certificateCodes.contains { $0 == code }
  }

  private var advice: String? {
    if isCertificateFailure {
      return "Name the PEM file of the authority that signed the server's certificate with ca_bundle or "
        + "AWS_CA_BUNDLE, and check this machine's clock."
    }
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
      return "Check the host name in the endpoint, and the region."
    case CURLE_COULDNT_CONNECT:
      return "Check that the endpoint's host and port are right and that the server runs."
    case CURLE_UNSUPPORTED_PROTOCOL where !wasSent:
      return "Use https://, or say allow_http for plain http:// to a host that is not this machine."
    default: return nil
    }
  }

  /// Passing faults. A full send that met a closed connection (65) is one too: the retry opens a new one.
  private static let transientCodes = [
    CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_HTTP2,
    CURLE_PARTIAL_FILE, CURLE_OPERATION_TIMEDOUT, CURLE_SSL_CONNECT_ERROR, CURLE_GOT_NOTHING,
    CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_SEND_FAIL_REWIND, CURLE_HTTP2_STREAM,
    CURLE_WEIRD_SERVER_REPLY,
  ]

  private static let certificateCodes = [
    CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE,
    CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_CERTPROBLEM,
  ]

  /// The part of a URL that names the server.
  package static func endpoint(of url: String) -> String {
    let utf8 = Array(url.utf8)
    var slashes = 0
    for (index, byte) in utf8.enumerated() {
      if byte == UInt8(ascii: "/") { slashes += 1 }
      if slashes == 3 || byte == UInt8(ascii: "?") {
        return String(decoding: utf8[..<index], as: UTF8.self)
      }
    }
    return url
  }
}
