package import SternaBase

// The stored form of schemas; `docs/format/segment.md` describes it. Codes never change their meaning.

extension DataType {
  private var code: UInt8 {
    switch self {
    case .int8: 1
    case .int16: 2
    case .int32: 3
    case .int64: 4
    case .uint8: 5
    case .uint16: 6
    case .uint32: 7
    case .uint64: 8
    case .float32: 9
    case .float64: 10
    case .bool: 11
    case .timestamp: 12
    case .duration: 13
    case .date: 14
    case .utf8: 15
    case .binary: 16
    case .dictionary: 17
    }
  }

  package func write(to writer: inout ByteWriter) {
    writer.write(code)
    switch self {
    case .timestamp(let unit, let zone):
      writer.write(unit.rawValue)
      writer.writeBool(zone != nil)
      if let zone { writer.writeString(zone) }
    case .duration(let unit): writer.write(unit.rawValue)
    default: break
    }
  }

  package init(reading reader: inout ByteReader) throws(SternaError) {
    switch try reader.read(UInt8.self) {
    case 1: self = .int8
    case 2: self = .int16
    case 3: self = .int32
    case 4: self = .int64
    case 5: self = .uint8
    case 6: self = .uint16
    case 7: self = .uint32
    case 8: self = .uint64
    case 9: self = .float32
    case 10: self = .float64
    case 11: self = .bool
    case 12:
      let unit = try TimeUnit(reading: &reader)
      self = .timestamp(unit, zone: try reader.readBool() ? reader.readName() : nil)
    case 13: self = .duration(try TimeUnit(reading: &reader))
    case 14: self = .date
    case 15: self = .utf8
    case 16: self = .binary
    case 17: self = .dictionary
    case let code:
      throw SternaError(
        .unsupportedFormat, "\(reader.subject) uses data type \(code), which this version does not know",
        advice: "Read it with a newer version of Sterna.")
    }
  }
}

extension TimeUnit {
  fileprivate init(reading reader: inout ByteReader) throws(SternaError) {
    guard let unit = TimeUnit(rawValue: try reader.read()) else {
      throw reader.malformed("unknown time unit")
    }
    self = unit
  }
}

extension Field {
  package func write(to writer: inout ByteWriter) {
    writer.writeString(name)
    type.write(to: &writer)
    writer.writeBool(isNullable)
  }

  package init(reading reader: inout ByteReader) throws(SternaError) {
    let name = try reader.readName()
    let type = try DataType(reading: &reader)
    self.init(name, type, nullable: try reader.readBool())
  }
}

extension Schema {
  package func write(to writer: inout ByteWriter) {
    writer.writeCount(fields.count)
    writer.writeCount(indexColumn.map { $0 + 1 } ?? 0)
    for field in fields { field.write(to: &writer) }
  }

  package init(reading reader: inout ByteReader) throws(SternaError) {
    let count = try reader.readCount(atMost: SegmentLimits.columnCount)
    let indexNumber = try reader.readCount(atMost: count)
    var fields: [Field] = []
    for _ in 0..<count { fields.append(try Field(reading: &reader)) }
    try self.init(fields, indexNumber: indexNumber, reader)
  }

  /// Checks what an index must be; number 0 is none, 1 the first column.
  init(_ fields: [Field], indexNumber: Int, _ reader: ByteReader) throws(SternaError) {
    guard indexNumber <= fields.count, indexNumber == 0 || fields[indexNumber - 1].type.canIndex else {
      throw reader.malformed("index column \(indexNumber)")
    }
    self.init(fields, indexColumn: indexNumber == 0 ? nil : indexNumber - 1)
  }
}

extension ByteReader {
  /// A column's name or a zone: text of bounded length.
  fileprivate mutating func readName() throws(SternaError) -> String {
    let name = try readString()
    guard name.utf8.count <= SegmentLimits.nameByteCount else { throw malformed("a name of that length") }
    return name
  }
}
