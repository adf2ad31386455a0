import SternaBase
import TestSupport
import Testing

@testable import Columnar

@Suite struct FrameAssemblerTests {
  private func frame(count: Int, seed: UInt64) throws -> DataFrame {
    try DataFrame(
      SampleColumns.types.enumerated().map { position, type in
        let nulls = SampleColumns.Nulls.allCases[position % SampleColumns.Nulls.allCases.count]
        return ("c\(position)", SampleColumns.make(type, .narrow, nulls, count: count, seed: seed))
      })
  }

  @Test(arguments: UInt64(0)..<6)
  func manySegmentsAtOddOffsetsMakeTheWholeFrame(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let frame = try frame(count: 3_000, seed: seed)
    let assembler = try FrameAssembler(schema: frame.schema, rowCount: frame.rowCount)
    try await withThrowingTaskGroup { group in
      var start = 0
      while start < frame.rowCount {
        let end = min(frame.rowCount, start + Int.random(in: 1...700, using: &random))
        let (slice, row) = (frame.slice(start..<end), start)
        group.addTask {
          let encoded = try SegmentEncoder().encode(slice, kind: .segment)
          for (position, chunk) in encoded.chunks.enumerated() {
            try assembler.place(chunk, encoded.bytes[chunk.byteRange], column: position, atRow: row)
          }
        }
        start = end
      }
      try await group.waitForAll()
    }
    #expect(try assembler.finish() == frame, "seed \(seed)")
  }

  @Test func partsOfSegmentsAndDecodedRowsAndNullsFillAFrame() throws {
    let frame = try frame(count: 1_500, seed: 9)
    let segment = try SegmentEncoder().encode(frame, kind: .segment)
    let assembler = try FrameAssembler(schema: frame.schema, rowCount: 1_000)
    for (position, chunk) in segment.chunks.enumerated() {
      let bytes = segment.bytes[chunk.byteRange]
      try assembler.place(chunk, bytes, rows: 100..<800, column: position, atRow: 0)
      try assembler.place(frame.columns[position].slice(0..<200), column: position, atRow: 700)
      try assembler.placeNulls(column: position, rows: 900..<1_000)
    }
    let whole = try assembler.finish()
    #expect(whole.slice(0..<700) == frame.slice(100..<800))
    #expect(whole.slice(700..<900) == frame.slice(0..<200))
    #expect(whole.columns.allSatisfy { $0.slice(900..<1_000).nullCount == 100 })
  }

  @Test func missingDoubledAndMisfittingRowsAreRefused() throws {
    let schema = Schema([Field("a", .int64), Field("s", .utf8)])
    let numbers = Column.int64s([1, 2])
    let texts = Column.strings(["x", "y"])
    let gap = try FrameAssembler(schema: schema, rowCount: 4)
    try gap.place(numbers, column: 0, atRow: 0)
    #expect(throws: SternaError.self) { try gap.finish() }
    let doubled = try FrameAssembler(schema: schema, rowCount: 2)
    try doubled.place(numbers, column: 0, atRow: 0)
    try doubled.place(texts, column: 1, atRow: 0)
    _ = try doubled.finish()
    try doubled.place(texts, column: 1, atRow: 0)
    #expect(throws: SternaError.self) { try doubled.finish() }
    #expect(throws: SternaError.self) { try gap.place(numbers, column: 0, atRow: 3) }
    #expect(throws: SternaError.self) { try gap.place(numbers, column: 0, atRow: -1) }
    #expect(throws: SternaError.self) { try gap.place(texts, column: 0, atRow: 0) }
    #expect(throws: SternaError.self) { try FrameAssembler(schema: schema, rowCount: 1 << 41) }
  }

  @Test func aFrameWithoutRowsIsAssembledFromNothing() throws {
    let frame = try frame(count: 0, seed: 0)
    #expect(try FrameAssembler(schema: frame.schema, rowCount: 0).finish() == frame)
  }
}
