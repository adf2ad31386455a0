import SternaBase
import TestSupport
import Testing

@testable import Columnar

/// Damaged segments throw or decode to something; nothing may trap. Checksums are not verified here, so
/// that the damage reaches the decoders.
@Suite struct HostileBytesTests {
  private static func segments() throws -> [Bytes] {
    var segments: [Bytes] = []
    for type in SampleColumns.types {
      for shape in SampleColumns.Shape.allCases {
        let column = SampleColumns.make(
          type, shape, shape == .narrow ? .some : .none, count: 1_100, seed: 5)
        segments.append(
          try SegmentEncoder().encode(DataFrame([("c", column)]), kind: .node, alignment: 8).bytes)
      }
    }
    return segments
  }

  /// Decodes whatever can be decoded and reads every value of it, as a caller would.
  private func exercise(_ bytes: Bytes) -> Bool {
    do {
      let segment = try Segment(parsing: bytes, subject: "hostile")
      for position in segment.chunks.indices {
        let column = try segment.decodeColumn(at: position)
        for row in Swift.stride(from: 0, to: column.count, by: 37) { _ = column.value(at: row) }
        _ = column == column
      }
      return true
    } catch {
      return false
    }
  }

  @Test(arguments: UInt64(0)..<4)
  func flippedBitsAndBytesThrowOrDecode(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for (number, segment) in try Self.segments().enumerated() {
      let whole = segment.array
      // The directory is short and decides everything: most damage goes there.
      let directory = Int(segment[segment.count - 8]) | Int(segment[segment.count - 7]) << 8
      for _ in 0..<30 {
        var damaged = whole
        for _ in 0...Int(random.next() % 3) {
          let inDirectory = random.next() % 4 != 0
          let range = inDirectory ? (whole.count - 8 - directory)..<(whole.count - 8) : 0..<whole.count
          let position = Int.random(in: range, using: &random)
          damaged[position] =
            random.next() % 2 == 0
            ? damaged[position] ^ (1 << UInt8(random.next() % 8)) : UInt8(truncatingIfNeeded: random.next())
        }
        _ = exercise(Bytes(damaged))
      }
      #expect(exercise(segment), "segment \(number) is whole")
    }
  }

  @Test func everyTruncationOfASegmentThrows() throws {
    let column = SampleColumns.make(.utf8, .narrow, .some, count: 40, seed: 5)
    let frame = try DataFrame([("c", column), ("d", .int64s((0..<40).map { Int64($0) }))])
    let segment = try SegmentEncoder().encode(frame, kind: .segment).bytes
    for end in 0..<segment.count { #expect(!exercise(segment[0..<end])) }
  }

  /// The payload of each chunk replaced by noise of the same length, under the true descriptor.
  @Test(arguments: UInt64(0)..<4)
  func noiseUnderATrueDescriptorThrowsOrDecodes(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for segment in try Self.segments() {
      let chunk = try Segment(parsing: segment, subject: "test").chunks[0]
      let bytes = segment[chunk.byteRange].array
      for round in 0..<10 {
        var damaged = bytes
        for index in damaged.indices where round < 3 || random.next() % 50 == 0 {
          damaged[index] = UInt8(truncatingIfNeeded: random.next() >> (random.next() % 8 * 8))
        }
        if let column = try? chunk.decode(Bytes(damaged), verifyingChecksum: false) {
          for row in Swift.stride(from: 0, to: column.count, by: 37) { _ = column.value(at: row) }
        }
      }
    }
  }

  @Test func lyingSizesAreRefusedBeforeMemoryIsAllocated() throws {
    let frame = try DataFrame([("c", .int64s([1, 1, 1]))])
    let encoded = try SegmentEncoder().encode(frame, kind: .segment)
    // The row count of the header alone: 2^27 rows would be a gigabyte.
    var bytes = encoded.bytes.array
    bytes[11] = 8
    #expect(!exercise(Bytes(bytes)))
    let compressed = EncodedNode(
      .zstd, byteCount: 9, parameters: [1 << 30], children: [EncodedNode(.plain, byteCount: 1 << 30)])
    #expect(throws: SternaError.self) {
      try ZstdEncoding.decompress(Bytes([UInt8](repeating: 0, count: 9)), compressed)
    }
  }

  @Test func whatIsCompressedIsNotCompressedAgain() {
    var once = ByteReader([Encoding.zstd.rawValue, 0, 0, Encoding.plain.rawValue, 0], subject: "tree")
    #expect(throws: Never.self) { try EncodedNode(reading: &once) }
    var twice = ByteReader([10, 0, 0, 10, 0, 0, Encoding.plain.rawValue, 0], subject: "tree")
    #expect(throws: SternaError.self) { try EncodedNode(reading: &twice) }
  }

  @Test func encodingsNestedTooDeeplyAreRefused() throws {
    var writer = ByteWriter()
    for _ in 0..<100_000 { writer.writeRaw([Encoding.scaled.rawValue, 0, 0, 1]) }
    var reader = ByteReader(writer.finish(), subject: "tree")
    #expect(throws: SternaError.self) { try EncodedNode(reading: &reader) }
  }

  @Test func codesOutOfRangeAndUnknownEncodingsAreRefused() throws {
    func decode(_ node: EncodedNode, _ bytes: [UInt8], _ type: DataType, _ count: Int) throws {
      _ = try ColumnDecoder.decode(node, Bytes(bytes), type: type, count: count)
    }
    let one = EncodedNode(.plain, byteCount: 8)
    let lookup = EncodedNode(
      .lookup, parameters: [1], children: [EncodedNode(.constant, parameters: [ZigZag.encode(1)]), one])
    #expect(throws: SternaError.self) { try decode(lookup, [UInt8](repeating: 0, count: 8), .int64, 4) }
    let text = EncodedNode(
      .variable, children: [EncodedNode(.constant, parameters: [2]), EncodedNode(.plain, byteCount: 1)])
    try decode(text, [0x61], .utf8, 1)
    #expect(throws: SternaError.self) { try decode(text, [0xFF], .utf8, 1) }
    try decode(text, [0xFF], .binary, 1)
    #expect(throws: SternaError.self) { try decode(text, [0x61], .utf8, 2) }
    #expect(throws: SternaError.self) { try decode(text, [0x61], .int64, 1) }
    #expect(throws: SternaError.self) { try decode(one, [UInt8](repeating: 0, count: 9), .int64, 1) }
    let wide = EncodedNode(.frameOfReference, byteCount: 2)
    #expect(throws: SternaError.self) { try decode(wide, [65, 0], .int64, 1) }
    var unknown = ByteReader([200, 0], subject: "tree")
    #expect(throws: SternaError.self) { try EncodedNode(reading: &unknown) }
  }
}
