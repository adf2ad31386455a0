import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import Sterna

@Suite struct LibraryTests {
  private let memory = RecordingObjectStore(MemoryObjectStore())

  private func makeStore(rowsPerSlice: Int = 64) -> Store {
    var options = StoreOptions()
    options.rowsPerSlice = rowsPerSlice
    return Store(
      uri: "memory://test", objects: memory, endpoint: "memory", options: options,
      environment: SimulatedEnvironment(seed: 3).environment)
  }

  private func makeLibrary(rowsPerSlice: Int = 64) async throws -> Library {
    try await makeStore(rowsPerSlice: rowsPerSlice).library("ticks", create: true)
  }

  @Test(arguments: [0, 1, 2, 31, 64, 65, 1_000, 5_000])
  func whatIsWrittenIsRead(count: Int) async throws {
    let library = try await makeLibrary()
    let frame = try SampleFrames.ticks(count)
    let written = try await library.write("SPY", frame, metadata: ["source": "sip"])
    #expect(written.version == 0 && written.rowCount == count)
    let result = try await library.read("SPY")
    #expect(result.frame.hasSameRows(as: frame))
    #expect(result.metadata == ["source": "sip"])
  }

  @Test func earlierVersionsStayReadable() async throws {
    let library = try await makeLibrary()
    let first = try SampleFrames.ticks(500, seed: 1)
    let second = try SampleFrames.ticks(300, seed: 2)
    try await library.write("SPY", first)
    try await library.write("SPY", second)
    #expect(try await library.read("SPY").frame.hasSameRows(as: second))
    #expect(try await library.read("SPY", asOf: .version(0)).frame.hasSameRows(as: first))
    #expect(try await library.read("SPY", asOf: .version(-2)).frame.hasSameRows(as: first))
    let error = await #expect(throws: SternaError.self) {
      try await library.read("SPY", asOf: .version(2))
    }
    #expect(error?.code == .versionNotFound)
  }

  @Test func appendedRowsFollowAndShareWhatWasThere() async throws {
    let library = try await makeLibrary()
    let day1 = try SampleFrames.ticks(1_000, from: 0, seed: 1)
    let day2 = try SampleFrames.ticks(700, from: 1_000_000_000_000, seed: 2)
    try await library.write("SPY", day1)
    let appended = try await library.append("SPY", day2)
    #expect(appended.version == 1 && appended.rowCount == 1_700)
    let both = try DataFrame.concatenating([day1, day2])
    #expect(try await library.read("SPY").frame.hasSameRows(as: both))
    #expect(try await library.read("SPY", asOf: .version(0)).frame.hasSameRows(as: day1))
  }

  @Test func manySmallAppendsReadAsOne() async throws {
    let library = try await makeLibrary()
    var frames: [DataFrame] = []
    for batch in 0..<60 {
      let frame = try SampleFrames.ticks(7, from: Int64(batch) * 1_000_000_000, seed: UInt64(batch))
      frames.append(frame)
      try await library.append("SPY", frame)
    }
    #expect(try await library.read("SPY").frame.hasSameRows(as: DataFrame.concatenating(frames)))
    #expect(try await library.read("SPY", asOf: .version(9)).frame.rowCount == 70)
    #expect(try await library.versions(of: "SPY").map(\.version) == Array((0..<60).reversed()))
  }

  @Test func everyTimeRangeOfASmallFrameIsExact() async throws {
    let library = try await makeLibrary(rowsPerSlice: 4)
    let times: [Int64] = [1, 1, 1, 2, 2, 3, 5, 5, 5, 5, 5, 5, 8, 9, 9, 12]
    let frame = try DataFrame(
      [
        ("time", .timestamps(times, unit: .nanosecond)),
        ("row", .int64s(Array(0..<Int64(times.count)))),
      ], index: "time")
    try await library.write("S", frame)
    for lower in 0...13 as ClosedRange<Int64> {
      for upper in lower...13 {
        let range = Timestamp(nanosecondsSinceEpoch: lower)...Timestamp(nanosecondsSinceEpoch: upper)
        let rows = times.indices.filter { times[$0] >= lower && times[$0] <= upper }
        let expected = rows.isEmpty ? frame.slice(0..<0) : frame.slice(rows[0]..<(rows[rows.count - 1] + 1))
        let result = try await library.read("S", time: range).frame
        #expect(result.hasSameRows(as: expected), "\(lower)...\(upper)")
      }
    }
  }

  @Test func everyRowRangeOfASmallFrameIsExact() async throws {
    let library = try await makeLibrary(rowsPerSlice: 4)
    let frame = try DataFrame([("value", .int64s(Array(0..<15)))])
    try await library.write("S", frame)
    for lower in 0...16 {
      for upper in lower...17 {
        let result = try await library.read("S", rows: lower..<upper).frame
        #expect(result.hasSameRows(as: frame.slice(min(lower, 15)..<min(upper, 15))))
      }
      #expect(try await library.head("S", lower).frame.hasSameRows(as: frame.slice(0..<min(lower, 15))))
      #expect(
        try await library.tail("S", lower).frame.hasSameRows(as: frame.slice(max(0, 15 - lower)..<15)))
    }
  }

  @Test func projectionsKeepTheIndexFirst() async throws {
    let library = try await makeLibrary()
    let frame = try SampleFrames.ticks(300)
    try await library.write("SPY", frame)
    let result = try await library.read("SPY", columns: ["exchange", "price"]).frame
    #expect(result.schema.fields.map(\.name) == ["time", "exchange", "price"])
    #expect(result["exchange"] == frame["exchange"])
    let error = await #expect(throws: SternaError.self) {
      try await library.read("SPY", columns: ["prise"])
    }
    #expect(error?.code == .invalidArgument)
  }

  @Test func aScanYieldsTheSameRowsInOrder() async throws {
    let library = try await makeLibrary()
    let frame = try SampleFrames.ticks(2_000)
    try await library.write("SPY", frame)
    var parts: [DataFrame] = []
    for try await part in try await library.scan("SPY") { parts.append(part) }
    #expect(parts.count > 10)
    #expect(try DataFrame.concatenating(parts).hasSameRows(as: frame))
  }

  @Test func aStreamOfBatchesBecomesOneVersion() async throws {
    let library = try await makeLibrary()
    let frame = try SampleFrames.ticks(1_000)
    let batches = SharedList(
      stride(from: 0, to: 1_000, by: 90).map { frame.slice($0..<min($0 + 90, 1_000)) })
    try await library.write("SPY", FrameStream(schema: frame.schema) { batches.next() })
    #expect(try await library.read("SPY").frame.hasSameRows(as: frame))
    #expect(try await library.versions(of: "SPY").count == 1)
  }

  @Test func badAppendsAreRefusedAndLeaveNothing() async throws {
    let library = try await makeLibrary()
    try await library.write("SPY", SampleFrames.ticks(100, from: 1_000_000_000))
    let early = await #expect(throws: SternaError.self) {
      try await library.append("SPY", SampleFrames.ticks(10, from: 0))
    }
    #expect(early?.code == .unsortedIndex)
    let other = try DataFrame([("time", .timestamps([Int64.max], unit: .nanosecond))], index: "time")
    let mismatch = await #expect(throws: SternaError.self) { try await library.append("SPY", other) }
    #expect(mismatch?.code == .schemaMismatch)
    #expect(try await library.versions(of: "SPY").count == 1)
  }

  @Test(arguments: ["../x", "a/b c+%é", "雪", String(repeating: "s", count: 300)])
  func strangeNamesWorkExactly(symbol: String) async throws {
    let library = try await makeLibrary()
    let frame = try SampleFrames.ticks(20)
    try await library.write(symbol, frame)
    #expect(try await library.read(symbol).frame.hasSameRows(as: frame))
    #expect(try await library.symbolNames() == [symbol])
    #expect(try await library.hasSymbol(symbol))
  }

  @Test func whatIsMissingIsNamed() async throws {
    let store = makeStore()
    let unmade = try await store.library("nothing")
    for work in [
      { _ = try await unmade.read("SPY") }, { _ = try await unmade.write("SPY", SampleFrames.ticks(1)) },
      { _ = try await unmade.symbolNames() },
    ] as [() async throws -> Void] {
      let error = await #expect(throws: SternaError.self) { try await work() }
      #expect(error?.code == .libraryNotFound)
    }
    let library = try await makeLibrary()
    let error = await #expect(throws: SternaError.self) { try await library.read("SPY") }
    #expect(error?.code == .symbolNotFound)
  }

  @Test func librariesAreListedAndRemoved() async throws {
    let store = makeStore()
    for name in ["ticks", "a/b", "daily"] { try await store.createLibrary(name) }
    #expect(try await store.createLibrary("ticks") == false)
    #expect(try await store.libraries() == ["a/b", "daily", "ticks"])
    try await store.library("a/b").write("S", SampleFrames.ticks(5))
    try await store.deleteLibrary("a/b")
    #expect(try await store.libraries() == ["daily", "ticks"])
    #expect(try await store.hasLibrary("a/b") == false)
  }

  @Test func timeTravelFindsWhatWasLatestThen() async throws {
    let library = try await makeLibrary()
    var times: [Timestamp] = []
    for version in 0..<80 {
      times.append(
        try await library.append("S", SampleFrames.ticks(1, from: Int64(version) * 10_000_000)).time)
    }
    for (version, time) in times.enumerated() {
      #expect(try await library.description(of: "S", asOf: .time(time)).version.version == version)
      let justBefore = Timestamp(nanosecondsSinceEpoch: time.nanosecondsSinceEpoch - 1)
      if version > 0 {
        #expect(
          try await library.description(of: "S", asOf: .time(justBefore)).version.version == version - 1)
      }
    }
  }

  @Test func longTextsMakeShorterSlices() async throws {
    let library = try await makeLibrary(rowsPerSlice: 1_000)
    let text = String(repeating: "x", count: 400_000)
    let frame = try DataFrame([("text", .strings((0..<400).map { _ in text }))])
    let written = try await library.write("S", frame)
    // 160 MB of text: no slice holds more than 128 MiB of it.
    #expect(written.sliceCount >= 2)
    #expect(try await library.read("S", rows: 398..<400).frame["text"]?.string(at: 1) == text)
  }
}
