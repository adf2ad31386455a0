import CCrypto

/// A SHA-256 value: the name of a block, the payload hash of its upload and the check of its download.
public struct SHA256Digest: Hashable, Sendable {
  // Four big-endian words, of plain integers on purpose: a SIMD4 is aligned to 32 bytes, more than the
  // frames of asynchronous functions are (Swift 6.3), and one that was kept across a wait corrupted what
  // lay behind it.
  private let word0: UInt64
  private let word1: UInt64
  private let word2: UInt64
  private let word3: UInt64

  public static let byteCount = 32

  /// Hashes bytes (OpenSSL, which uses the processor's SHA extensions).
  public init(hashing bytes: UnsafeRawBufferPointer) {
    var out = [UInt8](repeating: 0, count: Self.byteCount)
    SHA256(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count, &out)
    self.init(exactly: out)
  }

  public init(hashing bytes: Bytes) { self = bytes.withUnsafeBytes { SHA256Digest(hashing: $0) } }

  public init(hashing text: String) {
    var text = text
    self = text.withUTF8 { SHA256Digest(hashing: UnsafeRawBufferPointer($0)) }
  }

  init(exactly bytes: [UInt8]) {
    func word(_ index: Int) -> UInt64 {
      bytes[(index * 8)..<(index * 8 + 8)].reduce(0) { $0 << 8 | UInt64($1) }
    }
    (word0, word1, word2, word3) = (word(0), word(1), word(2), word(3))
  }

  /// Adopts 32 bytes, or nil for any other number.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    self.init(exactly: Array(bytes))
  }

  /// Reads 64 lowercase hex digits, or nil for anything else.
  public init?(hex: some StringProtocol) {
    guard let bytes = Hex.decode(hex), hex.allSatisfy({ !$0.isUppercase }) else { return nil }
    self.init(bytes: bytes)
  }

  public var bytes: [UInt8] {
    [word0, word1, word2, word3].flatMap { word in
      (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) }
    }
  }

  public var hex: String { Hex.encode(bytes) }
}

extension SHA256Digest: CustomStringConvertible {
  public var description: String { hex }
}
