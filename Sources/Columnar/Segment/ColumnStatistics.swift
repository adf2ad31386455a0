import SternaBase

/// What is known of a chunk's values without reading them.
///
/// - Invariant: every value that is neither null nor NaN lies within `minimum...maximum`, if known.
/// Numbers are exact; texts and binaries are bounds of at most 16 bytes, the maximum rounded up. A minimum
/// of zero is -0.0 and a maximum of zero 0.0 (as in Parquet): which of two equal zeros a search meets first
/// depends on its order, and the same values must give the same bytes.
package struct ColumnStatistics: Hashable, Sendable {
  package let nullCount: Int
  package let minimum: Value?
  package let maximum: Value?

  package init(nullCount: Int, minimum: Value? = nil, maximum: Value? = nil) {
    self.nullCount = nullCount
    self.minimum = minimum?.withZero(negative: true)
    self.maximum = maximum?.withZero(negative: false)
  }

  /// Null count varint, which bounds are there (1 minimum, 2 maximum), the bounds as `type` writes them.
  func write(to writer: inout ByteWriter) {
    writer.writeCount(nullCount)
    writer.write(UInt8((minimum == nil ? 0 : 1) | (maximum == nil ? 0 : 2)))
    minimum?.write(to: &writer)
    maximum?.write(to: &writer)
  }

  init(reading reader: inout ByteReader, type: DataType, rowCount: Int) throws(SternaError) {
    let nullCount = try reader.readCount(atMost: rowCount)
    let present: UInt8 = try reader.read()
    guard present <= 3 else { throw reader.malformed("statistics flags \(present)") }
    let minimum = present & 1 != 0 ? try Value(reading: &reader, type: type) : nil
    let maximum = present & 2 != 0 ? try Value(reading: &reader, type: type) : nil
    self.init(nullCount: nullCount, minimum: minimum, maximum: maximum)
  }
}

extension Value {
  /// The same number; of the two zeros of floating-point types the one asked for.
  fileprivate func withZero(negative: Bool) -> Value {
    switch self {
    case .float32(let value) where value == 0: .float32(negative ? -0.0 : 0)
    case .float64(let value) where value == 0: .float64(negative ? -0.0 : 0)
    default: self
    }
  }

  /// The bare value; the type is written elsewhere.
  fileprivate func write(to writer: inout ByteWriter) {
    switch self {
    case .null: break
    case .integer(let value), .timestamp(let value, _), .duration(let value, _):
      writer.writeSignedVarint(value)
    case .date(let value): writer.writeSignedVarint(Int64(value))
    case .unsigned(let value): writer.writeVarint(value)
    case .float32(let value): writer.write(value.bitPattern)
    case .float64(let value): writer.write(value.bitPattern)
    case .bool(let value): writer.writeBool(value)
    case .text(let value): writer.writeString(value)
    case .binary(let value): writer.writeLengthPrefixed(value)
    }
  }

  fileprivate init(reading reader: inout ByteReader, type: DataType) throws(SternaError) {
    switch type {
    case .int8, .int16, .int32, .int64: self = .integer(try reader.readSignedVarint())
    case .uint8, .uint16, .uint32, .uint64: self = .unsigned(try reader.readVarint())
    case .float32: self = .float32(Float(bitPattern: try reader.read()))
    case .float64: self = .float64(Double(bitPattern: try reader.read()))
    case .bool: self = .bool(try reader.readBool())
    case .timestamp(let unit, _): self = .timestamp(try reader.readSignedVarint(), unit)
    case .duration(let unit): self = .duration(try reader.readSignedVarint(), unit)
    case .date:
      guard let day = Int32(exactly: try reader.readSignedVarint()) else { throw reader.malformed("day") }
      self = .date(day)
    case .utf8, .dictionary: self = .text(try reader.readString())
    case .binary:
      let bytes = try reader.readLengthPrefixed()
      self = .binary(bytes.withUnsafeBytes { Bytes(copying: $0) })
    }
  }
}
