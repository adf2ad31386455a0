import Columnar
import ObjectStore
import Sterna
import SternaBase
import TestSupport

/// What many small appends leave behind, beside one write of the same rows.
package struct AppendGrowth: Sendable {
  package struct Cost: Sendable {
    package var sliceCount = 0
    package var byteCount = 0
    /// Of a cold read of everything.
    package var readRequestCount = 0
  }

  package var appended = Cost()
  package var written = Cost()
  package var requestCount = 0
  package var sentByteCount = 0

  /// - Throws: also when the two do not read alike.
  package static func measure(appendCount: Int, rowsPerAppend: Int) async throws -> AppendGrowth {
    let recording = RecordingObjectStore(MemoryObjectStore())
    func library(_ seed: UInt64) async throws -> Library {
      try await Store(
        uri: "memory://growth", objects: recording, endpoint: "memory", options: StoreOptions(),
        environment: SimulatedEnvironment(seed: seed).environment
      ).library("growth", create: true)
    }
    let writer = try await library(1)
    let rows = try ticks(appendCount * rowsPerAppend)
    var growth = AppendGrowth()
    for number in 0..<appendCount {
      let start = number * rowsPerAppend
      try await writer.append("appended", rows.slice(start..<(start + rowsPerAppend)))
      // The records of a hundred thousand requests are many.
      if number % 1_000 == 999 || number == appendCount - 1 {
        growth.requestCount += recording.requestCount
        growth.sentByteCount += recording.records.reduce(0) { $0 + $1.sentByteCount }
        recording.reset()
      }
    }
    try await writer.write("written", rows)
    let reader = try await library(2)
    func cost(_ symbol: String) async throws -> Cost {
      recording.reset()
      let read = try await reader.read(symbol)
      guard read.frame.columns == rows.columns else {
        throw SternaError(.corrupt, "'\(symbol)' does not have the rows that it was given")
      }
      return Cost(
        sliceCount: read.version.sliceCount, byteCount: read.version.byteCount,
        readRequestCount: recording.requestCount)
    }
    growth.appended = try await cost("appended")
    growth.written = try await cost("written")
    return growth
  }

  private static func ticks(_ count: Int) throws(SternaError) -> DataFrame {
    var random = SeededGenerator(seed: 1)
    var time: Int64 = 1_700_000_000_000_000_000
    var price = 40_000
    var (times, prices, sizes): ([Int64], [Double], [Int64]) = ([], [], [])
    for _ in 0..<count {
      time += Int64.random(in: 1_000...90_000_000, using: &random)
      price += Int.random(in: -3...3, using: &random)
      times.append(time)
      prices.append(Double(price) / 100)
      sizes.append(Int64.random(in: 1...900, using: &random))
    }
    return try DataFrame(
      [
        ("time", .timestamps(times, unit: .nanosecond)), ("price", .float64s(prices)),
        ("size", .int64s(sizes)),
      ],
      index: "time")
  }
}
