import Columnar
import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import VersionStore

/// Parts in the bytes of index leaves; what hostile bytes say of them is refused.
@Suite struct PartCodingTests {
  private let pointer = BlockPointer(
    kind: .segment, epoch: 3, digest: SHA256Digest(hashing: ""), byteCount: 1_000)

  private func leaf(_ slices: [SliceEntry]) -> Bytes {
    var pending = PendingBlocks(epoch: 0)
    let records = slices.map { SliceRecord(entry: $0, details: [[]]) }
    return TreeNode<IndexContent>.leaf(records).encode(pending: &pending)
  }

  private func decode(_ bytes: Bytes) throws -> [SliceEntry] {
    var (reader, _, count) = try TreeNode<IndexContent>.open(bytes, subject: "leaf")
    return try IndexContent.readLeaf(&reader, count: count).slices
  }

  private func part(_ rows: Range<Int>, of count: Int, _ keys: KeyRange? = nil) -> SliceEntry {
    SliceEntry(keys: keys, segmentRows: rows, of: count, segments: [pointer])
  }

  @Test func partsComeBack() throws {
    let slices = [
      part(0..<10, of: 10, KeyRange(first: -5, last: 7)), part(0..<4, of: 10, KeyRange(first: 7, last: 9)),
      part(3..<10, of: 10, KeyRange(first: 9, last: 9)), part(1..<2, of: 1 << 50),
    ]
    #expect(try decode(leaf(slices)) == slices)
    #expect(slices.map(\.byteCount) == [1_000, 400, 700, 0])
    // A whole slice is a byte of flags, as it was before there were parts, and its rows.
    #expect(leaf([part(0..<10, of: 20)]).count == leaf([part(0..<10, of: 10)]).count + 2)
  }

  /// A leaf of one slice without keys, whose flags and counts are given.
  private func hostile(_ flags: UInt8, _ counts: [UInt64]) -> Bytes {
    var writer = Envelope.begin(.indexNode, version: 1)
    writer.write(UInt8(0))
    writer.writeCount(1)
    writer.writeCount(1)
    pointer.write(to: &writer)
    writer.write(flags)
    for count in counts { writer.writeVarint(count) }
    pointer.write(to: &writer)
    return writer.finish()
  }

  @Test func whatNoSegmentCanHaveIsRefused() throws {
    #expect(try decode(hostile(0, [7])) == [part(0..<7, of: 7)])
    #expect(try decode(hostile(2, [7, 3, 0])) == [part(3..<10, of: 10)])
    let tooMany = UInt64(1) << 50
    for (flags, counts) in [
      (2, [7, 0, 0]), (2, [tooMany, 1, 0]), (2, [1, tooMany, 0]), (2, [1, 0, tooMany]),
      (2, [1, tooMany - 1, 1]), (2, [1, .max, .max]), (4, [7]), (6, [7, 3, 0]), (0x80, [7]),
    ] as [(UInt8, [UInt64])] {
      #expect(throws: SternaError.self, "\(flags) \(counts)") { try decode(hostile(flags, counts)) }
    }
  }

  /// An index that says a segment has other rows than it has is corrupt, not a trap.
  @Test func aPartOfOtherRowsThanTheSegmentHasIsRefused() async throws {
    let library = SimulatedLibrary()
    let client = library.client(rowsPerSlice: 64, tail: .none)
    try await client.write("S", from: 0, count: 40)
    let blocks = try client.blocks(of: ObjectName("S", subject: "symbol"))
    let version = try await client.version("S")
    let slice = try #require(try await version.indexNodes().first?.slices.first)
    let schema = try await version.schema()
    for (rows, count, isTrue) in [(10..<30, 40, true), (10..<30, 41, false), (39..<45, 45, false)] {
      let entry = SliceEntry(keys: nil, segmentRows: rows, of: count, segments: slice.segments)
      for entries in [[entry], [entry, entry]] {
        let plan = ReadPlan(schema: schema, columnsPerGroup: 128, wholeSlices: entries)
        let frame = try? await FrameReader(blocks: blocks, concurrency: 2).read(plan)
        #expect((frame?.rowCount == rows.count * entries.count) == isTrue, "\(rows) of \(count)")
      }
    }
  }
}
