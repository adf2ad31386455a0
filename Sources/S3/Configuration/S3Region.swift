/// The names of regions.
package enum S3Region {
  package static let fallback = "us-east-1"

  /// Whether a name may be part of a host name and of a signature. A server's word on where a bucket lies
  /// must pass this before it is believed: `x.evil.example/` would send signed requests elsewhere.
  package static func isValid(_ name: String) -> Bool {
    guard (1...63).contains(name.utf8.count) else { return false }
    func isWordCharacter(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: false
      }
    }
    return name.utf8.allSatisfy {
      isWordCharacter($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
    }
      && name.utf8.first.map(isWordCharacter) == true && name.utf8.last.map(isWordCharacter) == true
  }
}
