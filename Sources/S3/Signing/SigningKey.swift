internal import CCrypto
internal import Synchronization

/// The key that signs all requests of one secret, day, region and service.
///
///     "AWS4" + secret --day--> --region--> --service--> --"aws4_request"--> key      (each arrow an HMAC)
struct SigningKey: Sendable {
  private let bytes: [UInt8]

  init(secret: Secret, day: some Sequence<UInt8>, region: String, service: String) {
    var key = Array("AWS4".utf8) + Array(secret.reveal().utf8)
    for part in [Array(day), Array(region.utf8), Array(service.utf8), Array("aws4_request".utf8)] {
      key = Self.authenticate(part, with: key)
    }
    self.bytes = key
  }

  func sign(_ message: [UInt8]) -> [UInt8] { Self.authenticate(message, with: bytes) }

  /// HMAC-SHA-256 (OpenSSL). It fails only when OpenSSL has no SHA-256, where nothing in Sterna could work.
  private static func authenticate(_ message: [UInt8], with key: [UInt8]) -> [UInt8] {
    var code = [UInt8](repeating: 0, count: 32)
    var count: UInt32 = 0
    let result = HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &code, &count)
    precondition(result != nil && count == 32, "OpenSSL cannot compute HMAC-SHA-256")
    return code
  }
}

/// Remembers the last signing key: deriving it costs four HMACs, and it changes once a day.
final class SigningKeyCache: Sendable {
  private struct Entry: Sendable {
    let secret: Secret
    let day: [UInt8]
    let region: String
    let key: SigningKey
  }

  private let last = Mutex<Entry?>(nil)

  func key(secret: Secret, day: [UInt8], region: String, service: String) -> SigningKey {
    let known = last.withLock { $0 }
    if let known, known.day == day, known.region == region, known.secret == secret { return known.key }
    let key = SigningKey(secret: secret, day: day, region: region, service: service)
    last.withLock { $0 = Entry(secret: secret, day: day, region: region, key: key) }
    return key
  }
}
