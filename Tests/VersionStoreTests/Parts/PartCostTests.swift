import Columnar
import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import VersionStore

/// What edits of few rows upload, and what reading costs behind many of them.
@Suite struct PartCostTests {
  private let library = SimulatedLibrary()
  private static let rowsPerSlice = 4_096

  private func client(
    _ seed: UInt64, _ store: (any ObjectStore)? = nil, tail: TailLimits = TailLimits()
  ) -> SymbolStore {
    library.client(seed: seed, through: store, rowsPerSlice: Self.rowsPerSlice, tail: tail)
  }

  private func frame(_ numbers: [Int64]) throws -> DataFrame {
    try DataFrame(
      [
        ("time", .timestamps(numbers, unit: .nanosecond)), ("value", .int64s(numbers)),
        ("noise", .int64s(numbers.map { Int64(bitPattern: Column.contentHash($0)) })),
        ("more", .int64s(numbers.map { Int64(bitPattern: Column.contentHash(~$0)) })),
      ], index: "time")
  }

  private func sentBytes(_ work: (any ObjectStore) async throws -> Void) async throws -> Int {
    let recorder = RecordingObjectStore(library.memory)
    try await work(recorder)
    return recorder.records.filter { $0.verb == .put }.reduce(0) { $0 + $1.sentByteCount }
  }

  @Test func aRewriteWithOneRowMoreUploadsLessThanAHundredth() async throws {
    var numbers = (0..<150_000).map { Int64($0) * 10 }
    let first = try await sentBytes { _ = try await client(1, $0).write("S", try frame(numbers)) }
    // At the beginning and the end of slices too; each time on top of the edits before.
    for (version, place) in [75_001, 75_000, 20_000, 140_123, 1, 149_000].enumerated() {
      numbers.insert(numbers[place - 1] + 3, at: place)
      let sent = try await sentBytes {
        _ = try await client(UInt64(version) + 10, $0).write("S", try frame(numbers))
      }
      #expect(sent * 100 < first, "row \(place): \(sent) of \(first) bytes")
    }
    numbers.remove(at: 99_999)
    let removed = try await sentBytes { _ = try await client(20, $0).write("S", try frame(numbers)) }
    #expect(removed * 100 < first, "\(removed) of \(first) bytes")
    let again = try await sentBytes { _ = try await client(21, $0).write("S", try frame(numbers)) }
    #expect(again * 100 < first, "\(again) of \(first) bytes")
    #expect(try await client(30).values("S") == numbers)
    #expect(try await client(30).verify(depth: .data).problems == [])
    try await PartBounds(client(30).version("S"), rowsPerSlice: Self.rowsPerSlice).expectKept(nil)
  }

  @Test func dataThatIsNewThroughoutIsNotComparedForLong() async throws {
    let numbers = (0..<60_000).map { Int64($0) }
    _ = try await client(1).write("S", try NumberFrames.only(numbers))
    let recorder = RecordingObjectStore(library.memory)
    _ = try await client(2, recorder).write(
      "S", try NumberFrames.only(numbers, values: numbers.map { -$0 }))
    let reads = recorder.records.filter { $0.verb == .get && $0.key.hasSuffix(".seg") }
    #expect(reads.count <= 4, "\(reads.count) segments read")
    #expect(try await client(3).values("S") == numbers.map { -$0 })
  }

  @Test func anUpdateUploadsWhatChangedAndNotItsNeighbours() async throws {
    let numbers = (0..<60_000).map { Int64($0) * 10 }
    let first = try await sentBytes {
      _ = try await client(1, $0, tail: .none).write("S", try frame(numbers))
    }
    let update = try await sentBytes {
      _ = try await client(2, $0).update("S", try frame([300_000]))
    }
    #expect(update * 50 < first, "\(update) of \(first) bytes")
    let deletion = try await sentBytes { _ = try await client(3, $0).deleteRows("S", 100_001...500_001) }
    #expect(deletion * 20 < first, "\(deletion) of \(first) bytes")
    #expect(
      try await client(4).values("S") == numbers.filter { !(100_001...500_001).contains($0) })
    #expect(try await client(4).verify(depth: .data).problems == [])
  }

  /// Thousands of updates of single rows: fragments stay few, and segments in use.
  @Test func manySmallUpdatesLeaveNoSlivers() async throws {
    let rowsPerSlice = 64
    var random = SeededGenerator.fresh()
    let client = library.client(seed: 1, rowsPerSlice: rowsPerSlice, tail: .none)
    let rowCount: Int64 = 2_000
    var values = (0..<rowCount).map { $0 }
    _ = try await client.write("S", try NumberFrames.only(Array(0..<rowCount)))
    for number in 1...2_500 {
      let key = Int64.random(in: 0..<rowCount, using: &random)
      values[Int(key)] = rowCount + Int64(number)
      _ = try await client.update("S", try NumberFrames.only([key], values: [values[Int(key)]]))
      guard number.isMultiple(of: 500) else { continue }
      try await PartBounds(client.version("S"), rowsPerSlice: rowsPerSlice).expectKept("\(random)")
      try await client.prune("S", keepingLatest: 1)
      _ = try await client.collect("S")
    }
    #expect(try await client.values("S") == values, "\(random)")
    #expect(try await client.verify(depth: .data).problems == [], "\(random)")
    let recorder = RecordingObjectStore(library.memory)
    let reader = library.client(seed: 2, through: recorder, rowsPerSlice: rowsPerSlice, tail: .none)
    #expect(try await reader.values("S") == values, "\(random)")
    let read = recorder.records.reduce(0) { $0 + $1.receivedByteCount }
    recorder.reset()
    _ = try await reader.write("T", try NumberFrames.only(Array(0..<rowCount), values: values))
    let fresh = RecordingObjectStore(library.memory)
    _ = try await library.client(seed: 3, through: fresh, rowsPerSlice: rowsPerSlice).values("T")
    let best = fresh.records.reduce(0) { $0 + $1.receivedByteCount }
    #expect(read < 4 * best, "\(random): \(read) bytes, \(best) of a fresh write")
  }
}
