import Columnar
import ObjectStore
import SternaBase
import TestSupport
import Testing
import VersionStore

@testable import Sterna

/// Reads of some rows keep these rows, whatever slices they come from.
@Suite struct WindowTests {
  private static let rowCount = 700
  private let library: Library

  init() async throws {
    var options = StoreOptions()
    options.rowsPerSlice = 128
    options.layout.tail = .none
    library = try await Store(
      uri: "memory://windows", objects: MemoryObjectStore(), endpoint: "memory", options: options,
      environment: SimulatedEnvironment(seed: 3).environment
    ).library("windows", create: true)
  }

  /// Every kind of column, with nulls; two rows a second.
  private func frame() throws -> DataFrame {
    let rows = 0..<Self.rowCount
    let flags = ColumnBuilder(.bool)
    let words = ColumnBuilder(.utf8)
    for row in rows {
      if row % 7 == 0 { flags.appendNull() } else { flags.append(row % 3 == 0) }
      if row % 5 == 0 { words.appendNull() } else { words.append("w\(row % 11)") }
    }
    return try DataFrame(
      [
        ("time", .timestamps(rows.map { Int64($0 / 2) * 1_000_000_000 }, unit: .nanosecond)),
        ("price", .float64s(rows.map { Double($0) / 8 })), ("flag", flags.finish()),
        ("word", words.finish()), ("name", .strings(rows.map { "name \($0 * 7)" })),
        ("small", Column(rows.map { Int16($0 % 100) })),
      ], index: "time")
  }

  @Test func everyWindowHasItsRows() async throws {
    let frame = try frame()
    try await library.write("S", frame)
    var random = SeededGenerator(seed: 4)
    for _ in 0..<60 {
      let start = Int(random.next() % UInt64(Self.rowCount))
      let count = Int(random.next() % 150)
      let end = min(Self.rowCount, start + count)
      let byNumber = try await library.read("S", rows: start..<(start + count)).frame
      #expect(byNumber.hasSameRows(as: frame.slice(start..<end)), "rows \(start)..<\(end)")
      let first = Timestamp(nanosecondsSinceEpoch: Int64(start / 2) * 1_000_000_000)
      let last = Timestamp(nanosecondsSinceEpoch: Int64(end / 2) * 1_000_000_000 - 1)
      guard last > first else { continue }
      let byTime = try await library.read("S", time: first...last).frame
      #expect(
        byTime.hasSameRows(as: frame.slice((start / 2 * 2)..<(end / 2 * 2))), "time \(start)..<\(end)")
      let projected = try await library.read("S", time: first...last, columns: ["word"]).frame
      #expect(try projected.hasSameRows(as: byTime.select(columns: ["time", "word"])))
    }
  }

  @Test func textsThatRepeatMayComeAsCodes() async throws {
    let frame = try frame()
    try await library.write("S", frame)
    let read = try await library.read("S", rows: 30..<50, columns: ["word"], textLayout: .dictionaries)
      .frame
    #expect(read.rowCount == 20)
    for row in 0..<20 {
      #expect(read.columns[1].value(at: row) == frame.columns[3].value(at: 30 + row))
    }
  }

  @Test func nothingBetweenTwoRowsIsEmpty() async throws {
    try await library.write("S", try frame())
    let gap =
      Timestamp(nanosecondsSinceEpoch: 50_500_000_000)...Timestamp(nanosecondsSinceEpoch: 50_600_000_000)
    let read = try await library.read("S", time: gap).frame
    #expect(read.rowCount == 0)
    #expect(read.columns.count == 6)
  }
}
