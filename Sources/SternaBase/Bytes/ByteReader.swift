/// Reads untrusted bytes front to back; every step is bounds-checked and throws, none can trap.
///
/// All parsing of stored bytes goes through here: a trap on a hostile length would kill the user's process.
public struct ByteReader {
  public let bytes: Bytes
  public private(set) var position: Int
  /// What the bytes are, for error messages ("ref", "segment directory").
  public let subject: String

  public init(_ bytes: Bytes, subject: String) {
    self.bytes = bytes
    self.position = 0
    self.subject = subject
  }

  public var remaining: Int { bytes.count - position }
  public var isAtEnd: Bool { remaining == 0 }

  /// The error of this reader: corrupt bytes of this subject at this position.
  public func malformed(_ detail: String) -> SternaError {
    SternaError(.corrupt, "malformed \(subject): \(detail) at byte \(position) of \(bytes.count)")
  }

  /// Takes the next `count` bytes as a view.
  public mutating func readRaw(_ count: Int) throws(SternaError) -> Bytes {
    guard count >= 0, count <= remaining else {
      throw malformed("\(count) bytes wanted, \(remaining) left")
    }
    defer { position += count }
    return bytes[position..<(position + count)]
  }

  /// Fixed-width little-endian.
  public mutating func read<Integer: FixedWidthInteger>(
    _ type: Integer.Type = Integer.self
  ) throws(SternaError) -> Integer {
    let raw = try readRaw(MemoryLayout<Integer>.size)
    return raw.withUnsafeBytes { Integer(littleEndian: $0.loadUnaligned(as: Integer.self)) }
  }

  /// Unsigned LEB128; more than 64 bits is malformed.
  public mutating func readVarint() throws(SternaError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let byte = try read(UInt8.self)
      let group = UInt64(byte & 0x7F)
      guard shift < 63 || (shift == 63 && group <= 1) else { throw malformed("varint over 64 bits") }
      value |= group << shift
      if byte & 0x80 == 0 { return value }
      shift += 7
    }
  }

  /// A count or length, refused above `maximum`: limits come before allocation.
  public mutating func readCount(atMost maximum: Int) throws(SternaError) -> Int {
    let value = try readVarint()
    guard let count = Int(exactly: value), count <= maximum else {
      throw malformed("count \(value) over the limit of \(maximum)")
    }
    return count
  }

  public mutating func readSignedVarint() throws(SternaError) -> Int64 {
    let raw = try readVarint()
    return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
  }

  public mutating func readBool() throws(SternaError) -> Bool {
    switch try read(UInt8.self) {
    case 0: return false
    case 1: return true
    case let other: throw malformed("boolean of value \(other)")
    }
  }

  public mutating func readLengthPrefixed() throws(SternaError) -> Bytes {
    try readRaw(readCount(atMost: remaining))
  }

  public mutating func readString() throws(SternaError) -> String {
    guard let string = try readLengthPrefixed().utf8String else { throw malformed("text is not UTF-8") }
    return string
  }

  /// Asserts that nothing is left over: trailing bytes mean the writer and this reader disagree.
  public func expectEnd() throws(SternaError) {
    guard isAtEnd else { throw malformed("\(remaining) bytes left over") }
  }
}
