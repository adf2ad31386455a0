/// Percent-encoding (RFC 3986) of UTF-8 text: the only place in Sterna that does it.
///
/// Signatures fail when a path is encoded twice, or in two places with two character sets.
public enum PercentEncoding {
  /// The characters that stay as they are, next to ASCII letters and digits.
  public struct Unreserved: Sendable {
    let extra: Set<UInt8>

    /// RFC 3986 unreserved: what SigV4 leaves alone in query names and values.
    public static let standard = Unreserved(extra: Set("-._~".utf8))
    /// As `standard`, and the slash: what SigV4 leaves alone in an object's path.
    public static let path = Unreserved(extra: Set("-._~/".utf8))
    /// What stays in the name of a symbol, library or snapshot inside an object key.
    public static let name = Unreserved(extra: Set("-._".utf8))

    func contains(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: extra.contains(byte)
      }
    }
  }

  private static let digits = Array("0123456789ABCDEF".utf8)

  public static func encode(_ text: String, keeping unreserved: Unreserved) -> String {
    encode(bytes: text.utf8, keeping: unreserved)
  }

  /// As `encode(_:keeping:)`, for bytes that need not be UTF-8 (a part of a text).
  public static func encode(bytes: some Collection<UInt8>, keeping unreserved: Unreserved) -> String {
    var encoded: [UInt8] = []
    encoded.reserveCapacity(bytes.count)
    for byte in bytes {
      if unreserved.contains(byte) {
        encoded.append(byte)
      } else {
        encoded.append(UInt8(ascii: "%"))
        encoded.append(digits[Int(byte >> 4)])
        encoded.append(digits[Int(byte & 15)])
      }
    }
    return String(decoding: encoded, as: UTF8.self)
  }

  /// The decoded text, or nil when an escape is cut short or the result is not UTF-8.
  public static func decode(_ text: some StringProtocol) -> String? {
    decodeBytes(text).flatMap { String(validating: $0, as: UTF8.self) }
  }

  /// The decoded bytes, or nil when an escape is cut short.
  public static func decodeBytes(_ text: some StringProtocol) -> [UInt8]? {
    let utf8 = Array(text.utf8)
    var decoded: [UInt8] = []
    var index = 0
    while index < utf8.count {
      guard utf8[index] == UInt8(ascii: "%") else {
        decoded.append(utf8[index])
        index += 1
        continue
      }
      guard index + 2 < utf8.count,
        let byte = Hex.decode(String(decoding: utf8[(index + 1)...(index + 2)], as: UTF8.self))
      else { return nil }
      decoded.append(byte[0])
      index += 3
    }
    return decoded
  }
}
