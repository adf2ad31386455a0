import Columnar
import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import VersionStore

@Suite struct DifferenceTests {
  private let library = SimulatedLibrary()
  private typealias Change = VersionDifference.RowChange

  private func difference(
    _ old: Int64, _ new: Int64, seed: UInt64 = 40
  ) async throws -> VersionDifference {
    let client = library.client(seed: seed)
    return try await client.version("S", .number(old)).difference(to: client.version("S", .number(new)))
  }

  private func removed(_ first: Int64, _ last: Int64, _ count: Int) -> Change {
    Change(kind: .removed, first: first, last: last, oldRowCount: count, newRowCount: 0)
  }
  private func added(_ first: Int64, _ last: Int64, _ count: Int) -> Change {
    Change(kind: .added, first: first, last: last, oldRowCount: 0, newRowCount: count)
  }

  @Test func appendsUpdatesAndDeletionsAreTold() async throws {
    let client = library.client()
    try await client.write("S", from: 0, count: 100)
    try await client.append("S", from: 100, count: 30)
    _ = try await client.deleteRows("S", 40...49)
    _ = try await client.update("S", try NumberFrames.only([20, 21], values: [7, 21]))
    _ = try await client.writeMetadata("S", "m")
    #expect(try await difference(0, 1).rows == [added(100, 129, 30)])
    #expect(try await difference(1, 2).rows == [removed(40, 49, 10)])
    #expect(
      try await difference(2, 3).rows == [
        Change(kind: .changed, first: 20, last: 20, oldRowCount: 1, newRowCount: 1)
      ])
    #expect(try await difference(3, 4).isEmpty)
    #expect(try await difference(2, 1).rows == [added(40, 49, 10)], "backwards")
    #expect(try await difference(0, 0).readSliceCount == 0)
  }

  /// Random edits; the answer is held against a comparison of all rows.
  @Test(arguments: [UInt64(1), 2, 3, 4]) func randomEditsAreToldTruly(_ seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let client = library.client(rowsPerSlice: 16)
    var rows: [[(Int64, Int64)]] = []
    var current = (0..<600).map { (Int64($0 / 2), Int64($0)) }
    for _ in 0..<8 {
      _ = try await client.write(
        "S", try NumberFrames.only(current.map(\.0), values: current.map(\.1)))
      rows.append(current)
      for _ in 0..<Int.random(in: 0..<4, using: &random) {
        let place = Int.random(in: 0..<current.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: current[place].1 += 1_000
        case 1: current.remove(at: place)
        default: current.insert((current[place].0, 5_000 + Int64(place)), at: place)
        }
      }
    }
    for old in rows.indices {
      for new in rows.indices {
        let found = try await difference(Int64(old), Int64(new))
        let (before, after) = (
          Dictionary(grouping: rows[old], by: \.0), Dictionary(grouping: rows[new], by: \.0)
        )
        let keys = Set(before.keys).union(after.keys).filter {
          (before[$0] ?? []).map(\.1) != (after[$0] ?? []).map(\.1)
        }
        let told = Set(found.rows.flatMap { Array($0.first...$0.last) })
        #expect(keys.isSubset(of: told), "\(old) to \(new)")
        #expect(
          found.rows.reduce(0) { $0 + $1.newRowCount - $1.oldRowCount }
            == rows[new].count - rows[old].count)
        #expect(told.filter { !keys.contains($0) && before[$0] != nil }.isEmpty, "\(found.rows)")
      }
    }
  }

  @Test func rowsWithoutAnIndexAreComparedByNumber() async throws {
    let client = library.client()
    func write(_ numbers: [Int64]) async throws {
      _ = try await client.write("S", try DataFrame([("value", .int64s(numbers))]))
    }
    var numbers = (0..<50).map { Int64($0) }
    try await write(numbers)
    numbers[10] = -1
    numbers[11] = -1
    try await write(numbers + [7])
    #expect(
      try await difference(0, 1).rows == [
        Change(kind: .changed, first: 10, last: 11, oldRowCount: 2, newRowCount: 2), added(50, 50, 1),
      ])
  }

  @Test func columnsAreCompared() async throws {
    let client = library.client()
    let numbers = (0..<40).map { Int64($0) }
    _ = try await client.write("S", try NumberFrames.frame(numbers))
    _ = try await client.write("S", try NumberFrames.only(numbers))
    let found = try await difference(0, 1)
    #expect(found.columns == [.init(name: "text", oldType: "utf8", newType: nil)])
    #expect(found.rows.isEmpty)
    _ = try await client.write("S", try DataFrame([("value", .int64s([1, 2]))]))
    #expect(try await difference(1, 2).rows == [removed(0, 39, 40), added(0, 1, 2)])
  }

  @Test func whatIsSharedIsNotRead() async throws {
    let client = library.client(seed: 1, rowsPerSlice: 8)
    try await client.write("S", from: 0, count: 8_000)
    _ = try await client.update("S", try NumberFrames.only([4_000], values: [1]))
    let recorder = RecordingObjectStore(library.memory)
    let reader = library.client(seed: 2, through: recorder)
    let difference = try await reader.version("S", .number(0)).difference(to: reader.version("S"))
    #expect(difference.rows.map(\.kind) == [.changed])
    #expect(difference.readSliceCount <= 8)
    #expect(recorder.records.count <= 50, "\(recorder.records.count) requests for a thousand slices")
  }
}

extension NumberFrames {
  static func only(_ numbers: [Int64], values: [Int64]? = nil) throws -> DataFrame {
    try DataFrame(
      [("time", .timestamps(numbers, unit: .nanosecond)), ("value", .int64s(values ?? numbers))],
      index: "time")
  }
}
