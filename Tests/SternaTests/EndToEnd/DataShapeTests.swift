import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import Sterna

/// Data of every type, with everything that real data has: nulls, duplicates, extremes, disorder.
@Suite struct DataShapeTests {
  private func makeLibrary(rowsPerSlice: Int = 8) async throws -> Library {
    var options = StoreOptions()
    options.rowsPerSlice = rowsPerSlice
    let store = Store(
      uri: "memory://shapes", objects: MemoryObjectStore(), endpoint: "memory", options: options,
      environment: SimulatedEnvironment(seed: 3).environment)
    return try await store.library("shapes", create: true)
  }

  /// One column of each type; every third value is null, the others reach the type's ends.
  private func everyType(_ count: Int) throws -> DataFrame {
    func values<Element>(_ choices: [Element]) -> [Element?] {
      (0..<count).map { $0 % 3 == 2 ? nil : choices[$0 % choices.count] }
    }
    return try DataFrame([
      ("int8", .int8s(values([.min, 0, .max, -1]))), ("int16", .int16s(values([.min, 1, .max, -2]))),
      ("int32", .int32s(values([.min, 2, .max, -3]))), ("int64", .int64s(values([.min, 3, .max, -4]))),
      ("uint8", .uint8s(values([0, 1, .max, 4]))), ("uint16", .uint16s(values([0, 1, .max, 5]))),
      ("uint32", .uint32s(values([0, 1, .max, 6]))), ("uint64", .uint64s(values([0, 1, .max, 7]))),
      ("float32", .float32s(values([-0.0, .nan, .infinity, 1.5]))),
      ("float64", .float64s(values([-0.0, .nan, -.infinity, 0.1]))),
      ("bool", .bools(values([true, false, false, true]))),
      ("seconds", .timestamps(values([.min, 0, .max, -1]), unit: .second)),
      ("zoned", .timestamps(values([0, 1, 2, 3]), unit: .microsecond, zone: "America/New_York")),
      ("duration", .durations(values([.min, 0, .max, 9]), unit: .millisecond)),
      ("date", .dates(values([.min, 0, .max, 10]))), ("utf8", .strings(values(["", "é", "a\u{0}b", "🐦"]))),
      ("binary", .binaries(values([[], [0], [255, 0], [1, 2, 3]]))),
      ("dictionary", .dictionary(values(["x", "", "y", "x"]))),
    ])
  }

  @Test(arguments: [0, 1, 3, 50])
  func everyTypeComesBackBitForBit(count: Int) async throws {
    let library = try await makeLibrary()
    let frame = try everyType(count)
    try await library.write("S", frame)
    try await library.append("S", frame)
    let read = try await library.read("S").frame
    #expect(read.schema.fields.map(\.type) == frame.schema.fields.map(\.type))
    #expect(try read.hasSameRows(as: DataFrame.concatenating([frame, frame])))
    #expect(try await library.read("S", asOf: .version(0)).frame.hasSameRows(as: frame))
  }

  @Test func unsortedRowsAreRefusedAndLeaveNothing() async throws {
    let library = try await makeLibrary()
    let sorted = try SampleFrames.ticks(100)
    // Each batch is sorted in itself, so only the order between them is wrong.
    let batches = SharedList([sorted.slice(50..<100), sorted.slice(0..<50)])
    let stream = FrameStream(schema: sorted.schema) { batches.next() }
    let error = await #expect(throws: SternaError.self) { try await library.write("S", stream) }
    #expect(error?.code == .unsortedIndex)
    #expect(error?.advice?.isEmpty == false)
    #expect(try await library.symbolNames().isEmpty)
  }

  @Test func aTypeThatChangesBetweenAppendsIsRefused() async throws {
    let library = try await makeLibrary()
    try await library.write("S", DataFrame([("x", .int64s([1]))]))
    let error = await #expect(throws: SternaError.self) {
      try await library.append("S", DataFrame([("x", .float64s([1.5]))]))
    }
    #expect(error?.code == .schemaMismatch)
    #expect(error?.message.contains("int64") == true && error?.message.contains("float64") == true)
    #expect(try await library.versions(of: "S").count == 1)
    // A write replaces the symbol, and may bring another type.
    try await library.write("S", DataFrame([("x", .float64s([1.5]))]))
    #expect(try await library.read("S", asOf: .version(0)).frame["x"] == .int64s([1]))
  }

  @Test func aWriterThatWasLastHereLearnsOfNewColumns() async throws {
    let objects = MemoryObjectStore()
    func open() async throws -> Library {
      try await Store(
        uri: "memory://shapes", objects: objects, endpoint: "memory", options: StoreOptions(),
        environment: SimulatedEnvironment(seed: 4).environment
      ).library("shapes", create: true)
    }
    let (first, second) = (try await open(), try await open())
    try await first.write("S", DataFrame([("old", .int64s([1]))]))
    try await second.write("S", DataFrame([("new", .float64s([1]))]))
    // What the first writer remembers has other columns; the symbol does not any more.
    let appended = try await first.append("S", DataFrame([("new", .float64s([2]))]))
    #expect(appended.version == 2 && appended.rowCount == 2)
  }

  @Test func namesThatUnicodeCallsEqualAreDifferentSymbols() async throws {
    let library = try await makeLibrary()
    let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}")
    try await library.write(composed, DataFrame([("x", .int64s([1]))]))
    try await library.write(decomposed, DataFrame([("x", .int64s([2]))]))
    try await library.append(composed, DataFrame([("x", .int64s([3]))]))
    #expect(try await library.symbolNames().count == 2)
    #expect(try await library.read(composed).frame["x"] == .int64s([1, 3]))
    #expect(try await library.read(decomposed).frame["x"] == .int64s([2]))
  }
}
