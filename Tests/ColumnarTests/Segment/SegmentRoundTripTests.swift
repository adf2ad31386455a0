import SternaBase
import Testing

@testable import Columnar

@Suite struct SegmentRoundTripTests {
  private static let edges = [0, 1, 2, 15, 16, 17, 63, 64, 65]
  private static let vectorEdges = [1_023, 1_024, 1_025, 2_047, 2_049, 3_073]

  private func requireRoundTrip(_ column: Column, _ context: String) throws {
    let frame = try DataFrame([("c", column)])
    let encoded = try SegmentEncoder().encode(frame, kind: .segment)
    let segment = try Segment(parsing: encoded.bytes, subject: "test")
    #expect(segment.chunks == encoded.chunks, "\(context)")
    #expect(segment.schema == frame.schema, "\(context)")
    let decoded = try segment.decodeColumn(at: 0, verifyingChecksum: true)
    #expect(decoded == column, "\(context) \(encoded.chunks[0].encodingDescription)")
    #expect(decoded.nullCount == encoded.chunks[0].statistics.nullCount, "\(context)")
  }

  @Test(arguments: SampleColumns.types)
  func everyTypeShapeAndNullPatternComesBackAtSmallLengths(type: DataType) throws {
    for shape in SampleColumns.Shape.allCases {
      for nulls in SampleColumns.Nulls.allCases {
        for count in Self.edges {
          let column = SampleColumns.make(type, shape, nulls, count: count, seed: UInt64(count))
          try requireRoundTrip(column, "\(type) \(shape) \(nulls) \(count)")
        }
      }
    }
  }

  @Test(arguments: SampleColumns.types)
  func everyTypeAndShapeComesBackAroundVectorLengths(type: DataType) throws {
    for shape in SampleColumns.Shape.allCases {
      for (index, count) in Self.vectorEdges.enumerated() {
        let nulls = SampleColumns.Nulls.allCases[index % SampleColumns.Nulls.allCases.count]
        let column = SampleColumns.make(type, shape, nulls, count: count, seed: 7)
        try requireRoundTrip(column, "\(type) \(shape) \(nulls) \(count)")
      }
    }
  }

  @Test func slicesComeBackFromTheMiddleOfBuffers() throws {
    for type in SampleColumns.types {
      let column = SampleColumns.make(type, .narrow, .some, count: 300, seed: 3).slice(7..<211)
      try requireRoundTrip(column, "\(type)")
    }
  }

  @Test func aFrameWithoutRowsOrColumnsComesBack() throws {
    for frame in [
      try DataFrame([]), try DataFrame([("t", .int64s([Int64]())), ("s", .strings([]))], index: "t"),
    ] {
      for kind in BlockKind.allCases {
        let bytes = try SegmentEncoder().encode(frame, kind: kind, alignment: 8).bytes
        let segment = try Segment(parsing: bytes, subject: "test")
        #expect(segment.kind == kind)
        #expect(try segment.decodeFrame() == frame)
      }
    }
  }

  @Test func manyColumnsAreProjectedByPosition() throws {
    let columns = (0..<2_000).map { ("c\($0)", Column.int64s([Int64($0), Int64($0) * 2])) }
    let frame = try DataFrame(columns, index: "c7")
    let encoded = try SegmentEncoder().encode(frame, kind: .node, alignment: 8)
    let segment = try Segment(parsing: encoded.bytes, subject: "test")
    #expect(try segment.decodeFrame() == frame)
    #expect(try segment.decodeFrame(columns: [1_999, 7]) == frame.select(positions: [1_999, 7]))
    // What an index node costs: below 64 bytes a column of two int64s, names and checksums included.
    #expect(encoded.bytes.count < 64 * 2_000)
  }

  @Test func aChunkFetchedAloneIsVerifiedAndDecoded() throws {
    let frame = try DataFrame([
      ("a", SampleColumns.make(.float64, .narrow, .none, count: 5_000, seed: 1)),
      ("b", SampleColumns.make(.utf8, .narrow, .some, count: 5_000, seed: 2)),
    ])
    let encoded = try SegmentEncoder().encode(frame, kind: .segment)
    for (chunk, column) in zip(encoded.chunks, frame.columns) {
      #expect(chunk.byteRange.lowerBound % 64 == 0)
      var writer = ByteWriter()
      chunk.write(to: &writer)
      var reader = ByteReader(writer.finish(), subject: "companion")
      let stored = try ColumnChunk(reading: &reader)
      #expect(stored == chunk)
      let bytes = encoded.bytes[chunk.byteRange]
      #expect(try stored.decode(bytes, verifyingChecksum: true) == column)
      var damaged = bytes.array
      damaged[damaged.count / 2] ^= 1
      #expect(throws: SternaError.self) { try stored.decode(Bytes(damaged), verifyingChecksum: true) }
    }
  }

  @Test func encodingIsDeterministicAndIgnoresTheSlotsOfNulls() throws {
    let validity = Bitmap((0..<100).map { $0 % 2 == 0 })
    func bytes(junk: Int64) throws -> Bytes {
      let slots = Column.int64s((0..<100).map { $0 % 2 == 0 ? Int64($0) : junk }).storage
      let column = Column(type: .int64, count: 100, storage: slots, validity: validity)
      return try SegmentEncoder().encode(DataFrame([("c", column)]), kind: .segment).bytes
    }
    #expect(try bytes(junk: 0) == bytes(junk: .min))
  }

  @Test func textThatIsNotUTF8IsRefusedByTheWriter() {
    let builder = ColumnBuilder(.utf8)
    [UInt8]([0x61, 0xFF]).withUnsafeBytes { builder.append(utf8: $0) }
    let column = builder.finish()
    #expect(throws: SternaError.self) {
      try SegmentEncoder().encode(DataFrame([("c", column)]), kind: .segment)
    }
    // Valid as a whole, but the boundary cuts a character in two.
    let halves = ColumnBuilder(.utf8)
    for half: [UInt8] in [[0xC3], [0xA9]] { half.withUnsafeBytes { halves.append(utf8: $0) } }
    let cut = halves.finish()
    #expect(throws: SternaError.self) {
      try SegmentEncoder().encode(DataFrame([("c", cut)]), kind: .segment)
    }
  }
}
