import ObjectStore
import SternaBase
import TestSupport
import Testing
import VersionStore

@testable import Sterna

/// What each operation costs in requests and dependent steps: on S3 the round trip is the price of
/// everything.
@Suite struct RequestCountTests {
  private let watched = WatchedStore()

  private var recording: RecordingObjectStore { watched.recording }

  /// A symbol of about `sliceCount` slices of 4 rows each, one row a second.
  private func writeSecondBars(sliceCount: Int) async throws {
    let library = try await watched.open(rowsPerSlice: 4).library("bars", create: true)
    let rows = Int64(sliceCount * 4)
    let frame = try DataFrame(
      [
        ("time", .timestamps((0..<rows).map { $0 * 1_000_000_000 }, unit: .nanosecond)),
        ("open", .float64s((0..<rows).map { Double($0) / 4 })),
        ("high", .float64s((0..<rows).map { Double($0) / 2 })),
        ("low", .float64s((0..<rows).map { Double($0) / 8 })),
        ("close", .float64s((0..<rows).map { Double($0) })), ("volume", .int64s((0..<rows).map { $0 * 7 })),
      ], index: "time")
    try await library.write("SPY", frame)
  }

  @Test func openingCostsNoRequest() async throws {
    _ = try await watched.open(rowsPerSlice: 64).library("bars")
    #expect(recording.requestCount == 0)
  }

  @Test func aColdReadOfOneSegmentIsTwoRequests() async throws {
    let library = try await watched.open(rowsPerSlice: 1_000).library("bars", create: true)
    try await library.write("SPY", SampleFrames.ticks(501))
    let cold = try await watched.open(rowsPerSlice: 1_000).library("bars")
    let steps = try await watched.dependentSteps {
      let frame = try await cold.read("SPY").frame
      #expect(frame.rowCount == 501)
    }
    #expect(steps == 2)
    #expect(recording.requestCount == 2)
  }

  @Test func oneMinuteOfAThousandSegmentsTakesAtMostFourSteps() async throws {
    try await writeSecondBars(sliceCount: 1_000)
    let cold = try await watched.open(rowsPerSlice: 4).library("bars")
    let slices = try await cold.description(of: "SPY").version.sliceCount
    #expect(slices >= 900)
    let colder = try await watched.open(rowsPerSlice: 4).library("bars")
    let start = Timestamp(nanosecondsSinceEpoch: 2_000_000_000_000)
    let steps = try await watched.dependentSteps {
      let minute = try await colder.read("SPY", time: start...(start + .seconds(59)))
      #expect(minute.frame.rowCount == 60)
    }
    #expect(steps <= 4)
    // The slices of the minute, the nodes that lead to them, and the ref.
    #expect(recording.requestCount <= 60 / 2 + 8)
  }

  @Test func anAppendToAThousandSegmentsUploadsUnderOnePercentOfTheIndex() async throws {
    try await writeSecondBars(sliceCount: 1_000)
    let indexByteCount = recording.records
      .filter { $0.verb == .put && ($0.key.hasSuffix(".node") || $0.key.contains("/refs/")) }
      .reduce(0) { $0 + $1.sentByteCount }
    var worst = 0
    var total = 0
    for append in 0..<100 {
      let library = try await watched.open(rowsPerSlice: 4).library("bars")
      let start = 10_000_000_000_000 + Int64(append) * 10_000_000_000
      let row = try DataFrame(
        [
          ("time", .timestamps([start], unit: .nanosecond)), ("open", .float64s([1])),
          ("high", .float64s([2])), ("low", .float64s([3])), ("close", .float64s([4])),
          ("volume", .int64s([5])),
        ], index: "time")
      if append % 40 == 39 {
        let steps = try await watched.dependentSteps { try await library.append("SPY", row) }
        // The ref; two levels and a detail node while the segment goes up; the new nodes; the ref. One
        // commit in sixteen also moves versions to the history.
        #expect(steps <= 8)
      } else {
        recording.reset()
        try await library.append("SPY", row)
      }
      let uploaded = recording.records.filter { $0.verb == .put && $0.key.hasSuffix(".node") }
        .reduce(0) { $0 + $1.sentByteCount }
      worst = max(worst, uploaded)
      total += uploaded
    }
    #expect(total / 100 * 100 < indexByteCount, "mean \(total / 100) of \(indexByteCount) bytes")
    #expect(worst * 100 < indexByteCount * 2, "worst \(worst) of \(indexByteCount) bytes")
  }

  @Test func aWarmAppendNeverReadsTheRef() async throws {
    let library = try await watched.open(rowsPerSlice: 1_000).library("bars", create: true)
    try await library.append("SPY", SampleFrames.ticks(10))
    recording.reset()
    try await library.append("SPY", SampleFrames.ticks(10, from: 1_000_000_000))
    #expect(recording.records.map(\.verb) == [.put])
    #expect(recording.records.allSatisfy { $0.key.contains("/refs/") })
  }

  @Test func anOldVersionOfThousandsTakesFewSteps() async throws {
    let library = try await watched.open(rowsPerSlice: 64).library("bars", create: true)
    for version in 0..<600 {
      try await library.append(
        "S", DataFrame([("value", .int64s([Int64(version)]))]))
    }
    let cold = try await watched.open(rowsPerSlice: 64).library("bars")
    let steps = try await watched.dependentSteps {
      let frame = try await cold.read("S", asOf: .version(17)).frame
      #expect(frame.rowCount == 18)
    }
    #expect(steps <= 6)
    recording.reset()
    #expect(try await cold.versions(of: "S").count == 600)
    #expect(recording.requestCount <= 10)
  }
}
