import Columnar
import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import VersionStore

/// Many small appends leave what one write of the same rows leaves, and a few short slices.
@Suite struct MergeTests {
  private static func frame(_ range: Range<Int64>, hasIndex: Bool) throws -> DataFrame {
    let values = Array(range)
    return hasIndex
      ? try DataFrame(
        [("time", .timestamps(values, unit: .nanosecond)), ("value", .int64s(values))], index: "time")
      : try DataFrame([("value", .int64s(values))])
  }

  private static func sliceRows(_ version: StoredVersion) async throws -> [Int] {
    try await version.indexNodes().filter { $0.level == 0 }.flatMap(\.slices).map(\.rowCount)
  }

  @Test(
    arguments: [
      (1, 1...1), (2, 1...9), (3, 10...30), (4, 60...70), (5, 1...200), (6, 100...700),
    ] as [(UInt64, ClosedRange<Int64>)], [true, false])
  func appendsLeaveTheSlicesOfOneWrite(
    _ kind: (seed: UInt64, sizes: ClosedRange<Int64>), _ hasIndex: Bool
  ) async throws {
    var random = SeededGenerator(seed: kind.seed)
    let library = SimulatedLibrary()
    let client = library.client(rowsPerSlice: 64, tail: TailLimits(rowCountMax: 20))
    var end: Int64 = 0
    let total: Int64 = kind.sizes.upperBound == 1 ? 1_500 : 6_000
    while end < total {
      let count = Int64.random(in: kind.sizes, using: &random)
      _ = try await client.append("A", try Self.frame(end..<(end + count), hasIndex: hasIndex))
      end += count
    }
    _ = try await client.write("B", try Self.frame(0..<end, hasIndex: hasIndex))
    let grown = try await client.version("A")
    let written = try await client.version("B")
    #expect(try await grown.read() == written.read())
    let (rows, expected) = (try await Self.sliceRows(grown), try await Self.sliceRows(written))
    // The last cut of the write is the last of the appends; behind it, lengths halve from slice to slice.
    #expect(rows.starts(with: expected.dropLast()), "\(rows) \(expected)")
    #expect(rows.count <= expected.count + 6, "\(rows.suffix(10)) \(expected.suffix(3))")
  }

  @Test func everyRowIsUploadedFewTimes() async throws {
    let library = SimulatedLibrary()
    let recording = RecordingObjectStore(library.memory)
    let client = library.client(
      through: recording, rowsPerSlice: 1_024, tail: TailLimits(rowCountMax: 16))
    var random = SeededGenerator(seed: 7)
    for start in stride(from: 0, to: 20_000, by: 10) as StrideTo<Int64> {
      let noise = (0..<10).map { _ in Int64(truncatingIfNeeded: random.next()) }
      let times = Array(start..<(start + 10))
      _ = try await client.append(
        "A",
        try DataFrame(
          [("time", .timestamps(times, unit: .nanosecond)), ("value", .int64s(noise))], index: "time"))
    }
    let written = recording.records.filter { $0.verb == .put && $0.key.hasSuffix(".seg") }
      .reduce(0) { $0 + $1.sentByteCount }
    let kept = try await client.version("A").content.summary.byteCount
    // A merge nearly doubles what it rewrites: some 7 times from 16 rows to 1,024. Short segments have more
    // bytes a row, and idle tails become blocks, too.
    #expect(written < kept * 24, "\(written) bytes for \(kept)")
    #expect(try await client.verify("A", depth: .data).isClean)
  }
}
