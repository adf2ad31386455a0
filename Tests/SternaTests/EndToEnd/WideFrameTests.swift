import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import Sterna

/// Frames of hundreds of columns: a projection moves its columns and little else.
@Suite struct WideFrameTests {
  private static let columnCount = 500
  private static let rowCount = 600
  private static let constantColumn = 450

  private func frame() throws -> DataFrame {
    var random = SeededGenerator(seed: 5)
    var columns: [(String, Column)] = [
      ("time", .timestamps((0..<Int64(Self.rowCount)).map { $0 * 7 }, unit: .nanosecond))
    ]
    for column in 1..<Self.columnCount {
      let values = (0..<Self.rowCount).map { _ in
        // All 64 bits, so that nothing can make the columns small.
        column == Self.constantColumn ? 7 : Int64(bitPattern: random.next())
      }
      columns.append(("c\(column)", .int64s(values)))
    }
    return try DataFrame(columns, index: "time")
  }

  @Test func aProjectionMovesAFewPercentOfTheBytes() async throws {
    let recording = RecordingObjectStore(MemoryObjectStore())
    func open() async throws -> Library {
      try await Store(
        uri: "memory://wide", objects: recording, endpoint: "memory", options: StoreOptions(),
        environment: SimulatedEnvironment(seed: 3).environment
      ).library("wide")
    }
    let frame = try frame()
    _ = try await Store(
      uri: "memory://wide", objects: recording, endpoint: "memory", options: StoreOptions(),
      environment: SimulatedEnvironment(seed: 3).environment
    ).library("wide", create: true)
    try await open().write("W", frame)
    let sent = recording.records.reduce(0) { $0 + $1.sentByteCount }
    for names in [["c300"], ["c\(Self.constantColumn)"], ["c499", "c2"]] {
      recording.reset()
      let read = try await open().read("W", columns: names).frame
      #expect(try read.hasSameRows(as: frame.select(columns: ["time"] + names)))
      let received = recording.records.reduce(0) { $0 + $1.receivedByteCount }
      #expect(received * 20 < sent, "\(names): \(received) of \(sent) bytes")
      #expect(recording.records.contains { $0.range.map { $0 != .whole } ?? false })
    }
    recording.reset()
    #expect(try await open().read("W").frame.hasSameRows(as: frame))
  }

  @Test func aProjectionOfANarrowFrameLeavesTheOtherColumnsWhereTheyAre() async throws {
    let recording = RecordingObjectStore(MemoryObjectStore())
    func library(create: Bool = false) async throws -> Library {
      try await Store(
        uri: "memory://narrow", objects: recording, endpoint: "memory", options: StoreOptions(),
        environment: SimulatedEnvironment(seed: 4).environment
      ).library("narrow", create: create)
    }
    var random = SeededGenerator(seed: 6)
    func values() -> Column { .int64s((0..<20_000).map { _ in Int64(bitPattern: random.next()) }) }
    let time = Column.timestamps((0..<20_000).map { Int64($0) * 7 }, unit: .nanosecond)
    let frame = try DataFrame(
      [("time", time), ("a", values()), ("b", values()), ("c", values()), ("d", values())], index: "time")
    try await library(create: true).write("N", frame)
    let sent = recording.records.reduce(0) { $0 + $1.sentByteCount }
    recording.reset()
    let read = try await library().read("N", columns: ["c"]).frame
    #expect(try read.hasSameRows(as: frame.select(columns: ["time", "c"])))
    let received = recording.records.reduce(0) { $0 + $1.receivedByteCount }
    #expect(received * 3 < sent, "\(received) of \(sent) bytes")
  }
}
