import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import Sterna

/// What frames of hundreds of columns cost in requests and dependent steps.
@Suite struct WideRequestTests {
  private let watched = WatchedStore()

  private var recording: RecordingObjectStore { watched.recording }

  private func open(rowsPerSlice: Int = 128 << 10, create: Bool = false) async throws -> Library {
    try await watched.open(rowsPerSlice: rowsPerSlice).library("wide", create: create)
  }

  /// About one row a second.
  private func times(_ rows: Range<Int>) -> Column {
    .timestamps(rows.map { Int64($0) * 1_000_000_000 + Int64($0 * $0 % 7) }, unit: .nanosecond)
  }

  private func frame(
    rows: Range<Int>, columnCount: Int, value: (inout SeededGenerator, Int64) -> Int64
  ) throws -> DataFrame {
    var random = SeededGenerator(seed: UInt64(rows.lowerBound) + 1)
    var columns: [(String, Column)] = [("time", times(rows))]
    for column in 1..<columnCount {
      var last: Int64 = 10_000
      let values = rows.map { _ in
        last = value(&random, last)
        return last
      }
      columns.append(("column\(column)", .int64s(values)))
    }
    return try DataFrame(columns, index: "time")
  }

  private func walk(rows: Range<Int>, columnCount: Int) throws -> DataFrame {
    try frame(rows: rows, columnCount: columnCount) { random, last in
      last &+ Int64(random.next() % 101) &- 50
    }
  }

  @Test func oneColumnIsThreeSteps() async throws {
    // All 64 bits: segments above the size from which on ranges are fetched.
    let frame = try frame(rows: 0..<300, columnCount: 256) { random, _ in Int64(bitPattern: random.next()) }
    try await open(create: true).write("W", frame)
    let library = try await open()
    let steps = try await watched.dependentSteps {
      let read = try await library.read("W", columns: ["column200"]).frame
      #expect(try read.hasSameRows(as: frame.select(columns: ["time", "column200"])))
    }
    // The ref, which has schema and index; where the columns of two groups lie; two ranges.
    #expect(steps == 3)
    #expect(recording.requestCount == 5)
  }

  @Test func aColdAppendOfFewRowsIsTwoRequests() async throws {
    try await open(create: true).write("W", try walk(rows: 0..<20, columnCount: 200))
    let library = try await open()
    recording.reset()
    let more = try walk(rows: 20..<420, columnCount: 200)
    try await library.append("W", more)
    #expect(recording.records.map(\.verb) == [.get, .put])
    // Above the limit of narrow symbols.
    #expect(recording.records[1].sentByteCount > 64 << 10)
    let last = try await open().tail("W", 400).frame
    #expect(last.hasSameRows(as: more))
  }

  @Test func manyAppendsLeaveFullSlices() async throws {
    let library = try await open(rowsPerSlice: 256, create: true)
    var row = 0
    var random = SeededGenerator(seed: 8)
    while row < 1_500 {
      let count = 20 + Int(random.next() % 130)
      try await library.append("W", try walk(rows: row..<(row + count), columnCount: 140))
      row += count
    }
    let version = try await library.description(of: "W").version
    #expect(version.rowCount == row)
    // Slices of at least half the target, and behind the last cut lengths that halve.
    #expect(version.sliceCount <= row / 128 + 6)
    let all = try await library.read("W").frame
    #expect(all.columns[0] == times(0..<row))
  }
}
