/// Builds bytes front to back: little-endian integers, varints, length-prefixed runs.
///
/// The mirror of `ByteReader`: whatever one writes the other reads.
public struct ByteWriter {
  public private(set) var bytes: [UInt8] = []

  public init(reserving capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  @inlinable public var count: Int { bytes.count }

  /// Fixed-width little-endian.
  public mutating func write<Integer: FixedWidthInteger>(_ value: Integer) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Unsigned LEB128: 7 bits a byte, low bits first.
  public mutating func writeVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// A count or length; negative ones are a bug of the caller.
  public mutating func writeCount(_ value: Int) { writeVarint(UInt64(value)) }

  /// Signed integers as zigzag varints: small magnitudes stay small.
  public mutating func writeSignedVarint(_ value: Int64) {
    writeVarint(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
  }

  public mutating func writeBool(_ value: Bool) { bytes.append(value ? 1 : 0) }

  public mutating func writeRaw(_ source: some Sequence<UInt8>) { bytes.append(contentsOf: source) }

  public mutating func writeRaw(_ source: Bytes) {
    source.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  public mutating func writeLengthPrefixed(_ source: Bytes) {
    writeCount(source.count)
    writeRaw(source)
  }

  public mutating func writeString(_ string: String) {
    let utf8 = Array(string.utf8)
    writeCount(utf8.count)
    writeRaw(utf8)
  }

  /// Fills with zeros up to a multiple of `alignment`.
  public mutating func align(to alignment: Int) {
    let rest = bytes.count % alignment
    if rest != 0 { bytes.append(contentsOf: repeatElement(0, count: alignment - rest)) }
  }

  public func finish() -> Bytes { Bytes(bytes) }
}
