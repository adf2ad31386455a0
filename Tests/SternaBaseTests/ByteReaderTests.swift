import SternaBase
import Testing

@Suite struct ByteReaderTests {
  @Test(arguments: [0, 1, 127, 128, 16_383, 16_384, UInt64.max - 1, UInt64.max])
  func varintsComeBack(value: UInt64) throws {
    var writer = ByteWriter()
    writer.writeVarint(value)
    var reader = ByteReader(writer.finish(), subject: "test")
    #expect(try reader.readVarint() == value)
    #expect(reader.isAtEnd)
  }

  @Test(arguments: [0, 1, -1, 63, -64, 64, Int64.min, Int64.max])
  func signedVarintsComeBack(value: Int64) throws {
    var writer = ByteWriter()
    writer.writeSignedVarint(value)
    var reader = ByteReader(writer.finish(), subject: "test")
    #expect(try reader.readSignedVarint() == value)
  }

  @Test func aVarintOfMoreThan64BitsIsMalformed() {
    var reader = ByteReader(Bytes([UInt8](repeating: 0xFF, count: 9) + [0x02]), subject: "test")
    #expect(throws: SternaError.self) { try reader.readVarint() }
    var endless = ByteReader(Bytes([UInt8](repeating: 0x80, count: 40)), subject: "test")
    #expect(throws: SternaError.self) { try endless.readVarint() }
  }

  @Test func everyCutOfAMessageThrowsAndNeverTraps() throws {
    var writer = ByteWriter()
    writer.writeString("sterna")
    writer.write(UInt32(7))
    writer.writeLengthPrefixed([1, 2, 3])
    writer.writeBool(true)
    let whole = writer.finish()
    func parse(_ bytes: Bytes) throws {
      var reader = ByteReader(bytes, subject: "test")
      _ = try reader.readString()
      _ = try reader.read(UInt32.self)
      _ = try reader.readLengthPrefixed()
      _ = try reader.readBool()
      try reader.expectEnd()
    }
    try parse(whole)
    for end in 0..<whole.count {
      #expect(throws: SternaError.self) { try parse(whole[0..<end]) }
    }
  }

  @Test func aLengthOverTheRestIsRefusedBeforeAllocation() {
    var writer = ByteWriter()
    writer.writeVarint(UInt64(Int64.max))
    var reader = ByteReader(writer.finish(), subject: "test")
    #expect(throws: SternaError.self) { try reader.readLengthPrefixed() }
  }
}
