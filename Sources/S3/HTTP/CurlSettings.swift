package import CCurl

/// What all transfers of one transport have in common, as a value: a test reads `options` and knows what
/// libcurl was told, the I/O thread only applies it.
package struct CurlSettings: Sendable {
  /// Plain `http://` besides `https://`: only for loopback endpoints, or when the user says `allow_http`.
  package var allowsPlainHTTP = false
  /// PEM file of trusted authorities; nil: those of the system.
  package var certificateBundlePath: String?
  package var connectTimeoutMilliseconds = 5_000
  /// A transfer slower than this for `lowSpeedSeconds` is given up: the peer has stalled.
  package var lowSpeedBytesPerSecond = 1_024
  package var lowSpeedSeconds = 10
  /// How long an idle connection is kept for the next request. Below the idle time after which common
  /// servers close theirs (AWS about 20 s), so that a request rarely meets a connection that is already
  /// half closed.
  package var idleConnectionSeconds = 15
  /// Transfers at one time; more wait their turn, so that descriptors stay bounded.
  package var connectionCountMax = 128
  package var headerByteCountMax = 64 << 10
  /// Bodies of answers that are not a success are cut here: they are only read for an error code.
  package var errorBodyByteCountMax = 64 << 10
  /// From this size on an upload waits for `100 Continue`, so that a refused one costs no bandwidth; below,
  /// the wait for the extra round trip costs more than it saves.
  package var expectContinueByteCount = 2 << 20
  package var attemptTimeout = AttemptTimeout()

  package init() {}

  /// One libcurl option and the value that it gets.
  package enum Option: Equatable, Sendable {
    case number(CURLoption, Int)
    case text(CURLoption, String)
  }

  /// The libcurl options of every transfer.
  package var options: [Option] {
    let protocols = allowsPlainHTTP ? "http,https" : "https"
    var options = security(protocols: protocols) + connection
    if let certificateBundlePath { options.append(.text(CURLOPT_CAINFO, certificateBundlePath)) }
    return options
  }

  private func security(protocols: String) -> [Option] {
    [
      .text(CURLOPT_PROTOCOLS_STR, protocols),
      .text(CURLOPT_REDIR_PROTOCOLS_STR, protocols),
      // A redirect may lead to a stranger's host: the client looks at it and signs anew, libcurl never
      // follows.
      .number(CURLOPT_FOLLOWLOCATION, 0),
      // A ~/.netrc would add a second Authorization.
      .number(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue)),
      .number(CURLOPT_SSL_VERIFYPEER, 1),
      .number(CURLOPT_SSL_VERIFYHOST, 2),
      .number(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2),
      // An object's key may hold `//` or `/../`: what was signed is what is sent.
      .number(CURLOPT_PATH_AS_IS, 1),
      // Bytes are stored as they were hashed: nothing is decompressed on the way.
      .number(CURLOPT_HTTP_CONTENT_DECODING, 0),
      .number(CURLOPT_HTTP09_ALLOWED, 0),
      .text(CURLOPT_USERAGENT, "sterna"),
    ]
  }

  private var connection: [Option] {
    [
      // Signals belong to the user's process (and to Python).
      .number(CURLOPT_NOSIGNAL, 1),
      .number(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1),
      .number(CURLOPT_TCP_KEEPALIVE, 1),
      .number(CURLOPT_TCP_KEEPIDLE, 30),
      .number(CURLOPT_TCP_KEEPINTVL, 10),
      .number(CURLOPT_TCP_NODELAY, 1),
      .number(CURLOPT_CONNECTTIMEOUT_MS, connectTimeoutMilliseconds),
      .number(CURLOPT_LOW_SPEED_LIMIT, lowSpeedBytesPerSecond),
      .number(CURLOPT_LOW_SPEED_TIME, lowSpeedSeconds),
      .number(CURLOPT_MAXAGE_CONN, idleConnectionSeconds),
      // A server that does not know `Expect` never answers it: the body follows after this time.
      .number(CURLOPT_EXPECT_100_TIMEOUT_MS, 1_000),
      .number(CURLOPT_BUFFERSIZE, 256 << 10),
      .number(CURLOPT_UPLOAD_BUFFERSIZE, 256 << 10),
    ]
  }
}

/// How long one attempt may take as a whole: a fixed part, and a part for the bytes it moves.
package struct AttemptTimeout: Hashable, Sendable {
  package var baseMilliseconds = 10_000
  /// The slowest connection on which work still makes sense.
  package var bytesPerSecond = 2 << 20

  package init() {}

  package func milliseconds(byteCount: Int) -> Int {
    baseMilliseconds + Int(Double(byteCount) / Double(bytesPerSecond) * 1_000)
  }
}
