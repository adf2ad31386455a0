import Columnar
import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import VersionStore

/// Full rewrites upload what is new, and refer only to what cannot be collected.
@Suite struct SharedSegmentTests {
  private let library = SimulatedLibrary()

  private func frame(_ numbers: [Int64], hasIndex: Bool = true) throws -> DataFrame {
    try DataFrame(
      [
        ("time", .timestamps(numbers, unit: .nanosecond)), ("value", .int64s(numbers)),
        ("noise", .float64s(numbers.map { Double(($0 &* 0x1E37_79B9_7F4A_7C15) >> 12) * 1e-3 })),
      ], index: hasIndex ? "time" : nil)
  }

  /// Bytes of segments that work uploads.
  private func segmentBytes(
    _ work: (any ObjectStore) async throws -> Void
  ) async throws -> (segments: Int, all: Int) {
    let recorder = RecordingObjectStore(library.memory)
    try await work(recorder)
    let puts = recorder.records.filter { $0.verb == .put }
    return (
      puts.filter { $0.key.hasSuffix(".seg") }.reduce(0) { $0 + $1.sentByteCount },
      puts.reduce(0) { $0 + $1.sentByteCount }
    )
  }

  private func write(
    _ numbers: [Int64], hasIndex: Bool = true, rowsPerSlice: Int = 256, seed: UInt64
  ) async throws -> (segments: Int, all: Int) {
    try await segmentBytes {
      _ = try await library.client(seed: seed, through: $0, rowsPerSlice: rowsPerSlice)
        .write("S", try frame(numbers, hasIndex: hasIndex))
    }
  }

  @Test func aRowInTheMiddleUploadsTheSliceAroundIt() async throws {
    let old = (0..<100_000).map { Int64($0) * 10 }
    let first = try await write(old, seed: 1)
    var new = old
    new.insert(500_003, at: 50_001)
    let second = try await write(new, seed: 2)
    #expect(second.segments * 100 < first.segments, "\(second) of \(first)")
    #expect(second.all * 7 < first.all, "index nodes are small")
    let client = library.client(seed: 3)
    #expect(try await client.values("S") == new)
    #expect(try await client.values("S", .number(0)) == old)
    #expect(try await client.verify(depth: .data).isClean)
    // The same again uploads nothing.
    #expect(try await write(new, seed: 4).segments == 0)
  }

  @Test func withoutAnIndexTheBeginningIsShared() async throws {
    let old = (0..<20_000).map { Int64($0) }
    let first = try await write(old, hasIndex: false, seed: 1)
    let later = try await write(
      Array(old[..<15_000] + [7] + old[15_000...]), hasIndex: false, seed: 2)
    #expect(later.segments * 100 < first.segments * 30, "a quarter, and the slice around: \(later)")
    let replaced = try await write(Array(old[..<15_000] + [7] + old[15_001...]), hasIndex: false, seed: 3)
    #expect(replaced.segments * 100 > first.segments * 20, "its base has other rows behind the cut")
    #expect(try await library.client(seed: 3).verify(depth: .data).isClean)
  }

  @Test func otherColumnsShareNothing() async throws {
    let numbers = (0..<2_000).map { Int64($0) }
    _ = try await write(numbers, seed: 1)
    let other = try await segmentBytes {
      _ = try await library.client(seed: 2, through: $0, rowsPerSlice: 256).write(
        "S", try frame(numbers).select(columns: ["time", "value"]))
    }
    #expect(other.segments > 0)
    #expect(try await library.client(seed: 3).values("S") == numbers)
  }

  @Test func aDamagedIndexIsNoHindrance() async throws {
    let numbers = (0..<5_000).map { Int64($0) }
    _ = try await write(numbers, rowsPerSlice: 16, seed: 1)
    for key in try await library.keys("blocks/") where key.hasSuffix(".node") {
      try await library.memory.put(key, Bytes(utf8: "rubbish"))
    }
    _ = try await write(numbers.map { $0 + 1 }, rowsPerSlice: 16, seed: 2)
    #expect(try await library.client(seed: 3).values("S") == numbers.map { $0 + 1 })
  }

  // MARK: Rebases

  private static let requestCountMax = 120

  /// Everybody else's operation before each request of a rewrite that shares.
  private func everyInterruption(
    _ interrupt: @escaping @Sendable (SimulatedLibrary) async throws -> Void
  ) async throws {
    let (old, new) = ((0..<200).map { Int64($0) }, (0..<200).map { Int64($0) } + [1_000])
    for ordinal in 1...Self.requestCountMax {
      let library = SimulatedLibrary()
      _ = try await library.client(seed: 1).write("S", try frame(old))
      _ = try await library.client(seed: 1).write("S", try frame([5]))
      _ = try await library.client(seed: 1).restore("S", .number(0))
      let objects = InterleavingObjectStore(library.memory, before: ordinal) {
        try await interrupt(library)
      }
      _ = try await library.client(seed: 2, through: objects).write("S", try frame(new))
      _ = try await library.client(seed: 5).collect("S")
      #expect(try await library.client(seed: 3).values("S") == new, "before request \(ordinal)")
      #expect(try await library.client(seed: 3).verify().isClean, "before request \(ordinal)")
      if !objects.hasInterrupted { return }
    }
    Issue.record("a write makes more than \(Self.requestCountMax) requests")
  }

  @Test func aPruneAndACollectionOfWhatIsShared() async throws {
    try await everyInterruption { library in
      let client = library.client(seed: 7)
      try await client.write("S", from: 9_000, count: 3)
      try await client.prune("S", keepingLatest: 1)
      _ = try await client.collect("S")
    }
  }

  @Test func aPruneOfWhatIsShared() async throws {
    try await everyInterruption { library in
      let client = library.client(seed: 7)
      try await client.write("S", from: 9_000, count: 3)
      try await client.prune("S", keepingLatest: 1)
    }
  }

  @Test func aCollectionThatRaisesTheEpoch() async throws {
    try await everyInterruption { library in
      let client = library.client(seed: 7)
      let orphan = PendingBlock(kind: .segment, epoch: 0, bytes: [1, 2, 3])
      try await client.blocks(of: try ObjectName("S", subject: "symbol")).put(orphan)
      _ = try await client.collect("S")
    }
  }
}
