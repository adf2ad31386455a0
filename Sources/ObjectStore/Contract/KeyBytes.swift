package import SternaBase

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A key, or a place between keys, as the UTF-8 bytes that every listing is ordered by.
///
/// `String` compares by canonical equivalence: it holds "é" in one and in two scalars for the same key, and
/// orders by normalised scalars. Buckets do neither, so no store may sort or look up keys as `String`s.
package struct KeyBytes: Hashable, Sendable {
  package var bytes: [UInt8]

  package init(_ bytes: [UInt8]) { self.bytes = bytes }
  package init(_ key: String) { self.bytes = Array(key.utf8) }

  /// The key as text; places between keys need not be UTF-8 and are repaired.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  package func hasPrefix(_ prefix: KeyBytes) -> Bool { bytes.starts(with: prefix.bytes) }

  /// The least place behind this very key.
  package var next: KeyBytes { KeyBytes(bytes + [0]) }

  /// The least place behind all keys that begin with these bytes; nil when there is none (no bytes).
  package var endOfPrefix: KeyBytes? {
    guard let last = bytes.last else { return nil }
    // UTF-8 holds no 0xFF, so the last byte can always be raised.
    return KeyBytes(bytes.dropLast() + [last + 1])
  }
}

extension KeyBytes: Comparable {
  package static func < (left: KeyBytes, right: KeyBytes) -> Bool {
    let common = min(left.bytes.count, right.bytes.count)
    let order = memcmp(left.bytes, right.bytes, common)
    return order == 0 ? left.bytes.count < right.bytes.count : order < 0
  }
}

extension KeyBytes {
  /// The most bytes of a key (S3's limit).
  package static let byteCountMax = 1_024

  /// The bytes of a key that a store is asked for.
  /// - Throws: `invalidArgument` unless it has 1...1,024 bytes.
  package init(checking key: String) throws(SternaError) {
    self.init(key)
    guard (1...Self.byteCountMax).contains(bytes.count) else {
      throw SternaError(
        .invalidArgument, "a key of \(bytes.count) bytes",
        advice: "Use a shorter name: a key has 1 to \(Self.byteCountMax) bytes of UTF-8.", key: key)
    }
  }
}
