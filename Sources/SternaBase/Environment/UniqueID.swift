/// 128 random bits that name one commit, one write of a ref, or one staged piece.
public struct UniqueID: Hashable, Sendable {
  public let high: UInt64
  public let low: UInt64

  public static let byteCount = 16

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  public init(reading reader: inout ByteReader) throws(SternaError) {
    self.init(high: try reader.read(), low: try reader.read())
  }

  public func write(to writer: inout ByteWriter) {
    writer.write(high)
    writer.write(low)
  }

  /// 32 lowercase hex digits.
  public var hex: String {
    Hex.encode(
      (0..<16).map { UInt8(truncatingIfNeeded: ($0 < 8 ? high : low) >> (56 - 8 * UInt64($0 % 8))) })
  }

  public init?(hex: some StringProtocol) {
    guard hex.utf8.count == 32, let bytes = Hex.decode(hex) else { return nil }
    self.init(
      high: bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) },
      low: bytes[8...].reduce(0) { $0 << 8 | UInt64($1) })
  }
}

extension UniqueID: CustomStringConvertible {
  public var description: String { hex }
}
