import Columnar
import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import Sterna

/// Symbols whose columns come, go and widen.
@Suite struct DynamicSchemaTests {
  private let memory = MemoryObjectStore()

  /// A client of its own: ids come from its seed.
  private func makeLibrary(
    dynamic: Bool = true, rows: Int = 4, client: UInt64 = 11
  ) async throws -> Library {
    let store = Store(
      uri: "memory://dynamic", objects: memory, endpoint: "memory", options: StoreOptions(),
      environment: SimulatedEnvironment(seed: client).environment)
    return try await store.openLibrary(
      "a", creatingWith: .init(dynamicSchema: dynamic, rowsPerSegment: rows)
    ).library
  }

  private func frame(_ times: [Int64], _ columns: [(String, Column)]) throws -> DataFrame {
    try DataFrame([("time", .timestamps(times, unit: .nanosecond))] + columns, index: "time")
  }

  @Test func whatOneSideLacksIsNullAndOldVersionsStayAsTheyWere() async throws {
    let library = try await makeLibrary()
    let times = (0..<20).map(Int64.init)
    try await library.write(
      "S", try frame(times, [("a", .int64s(times.map { $0 })), ("b", .strings(times.map { "\($0)" }))]))
    let version = try await library.append(
      "S", try frame([20, 21], [("c", .float64s([0.5, nil])), ("a", .int64s([20, nil]))]))
    #expect(version.version == 1 && version.operation == "append" && version.rowCount == 22)
    let whole = try await library.read("S").frame
    #expect(whole.schema.fields.map(\.name) == ["time", "a", "b", "c"])
    #expect(whole["a"] == .int64s(times.map { $0 } + [20, nil]))
    #expect(whole["b"] == .strings(times.map { "\($0)" } + [nil, nil]))
    #expect(whole["c"] == .float64s(times.map { _ in nil } + [0.5, nil]))
    #expect(try await library.read("S", asOf: .version(0)).frame.schema.fields.count == 3)
    // Fewer columns change nothing that is there: no rewrite.
    let before = try await library.versions(of: "S")[0].sliceCount
    try await library.append("S", try frame([30], [("b", .strings(["x"]))]))
    #expect(try await library.versions(of: "S")[0].sliceCount <= before + 1)
    #expect(try await library.tail("S", 1).frame["c"]?.isNull(at: 0) == true)
  }

  @Test func anUpdateWithOtherColumnsReplacesTheRowsOfItsRange() async throws {
    let library = try await makeLibrary()
    let times = (0..<20).map(Int64.init)
    try await library.write("S", try frame(times, [("a", .int64s(times.map { $0 }))]))
    try await library.update("S", try frame([5, 6, 6, 8], [("b", .bools([true, nil, false, true]))]))
    let whole = try await library.read("S").frame
    #expect(whole.index == .timestamps([0, 1, 2, 3, 4, 5, 6, 6, 8] + Array(9..<20), unit: .nanosecond))
    #expect(whole["a"] == .int64s([0, 1, 2, 3, 4, nil, nil, nil, nil] + (9..<20).map { $0 }))
    #expect(
      whole["b"] == .bools([nil, nil, nil, nil, nil, true, nil, false, true] + (9..<20).map { _ in nil }))
  }

  @Test func numbersWidenAndNothingElseDoes() async throws {
    let library = try await makeLibrary()
    try await library.write("S", try frame([0], [("a", .int8s([-128])), ("u", .uint64s([.max]))]))
    try await library.append("S", try frame([1], [("a", .uint16s([65535]))]))
    #expect(try await library.read("S").frame["a"] == .int32s([-128, 65535]))
    try await library.append("S", try frame([2], [("a", .float32s([0.5]))]))
    #expect(try await library.read("S").frame["a"] == .float64s([-128, 65535, 0.5]))
    for column in [("u", Column.int8s([1])), ("a", .strings(["x"])), ("a", .bools([true]))] {
      await #expect(throws: SternaError.self) { try await library.append("S", try frame([3], [column])) }
    }
    await #expect(throws: SternaError.self) {
      try await library.append("S", try DataFrame([("a", .float64s([1]))]))
    }
    await #expect(throws: SternaError.self) {
      try await library.append("S", try frame([1], [("n", .int8s([1]))]))
    }
    #expect(try await library.read("S").version.version == 2)
  }

  @Test func everyPairOfNumberTypesHasTheTypeThatHoldsBoth() {
    let whole: [(DataType, ClosedRange<Double>)] = [
      (.int8, -128...127), (.uint8, 0...255), (.int16, -32768...32767), (.uint16, 0...65535),
      (.int32, -2147483648...2147483647), (.uint32, 0...4294967295), (.int64, -0x1p63...0x1p63),
      (.uint64, 0...0x1p64),
    ]
    for (left, a) in whole {
      for (right, b) in whole {
        let fitting = whole.filter { $0.1.contains(a.lowerBound) && $0.1.contains(a.upperBound) }
          .filter { $0.1.contains(b.lowerBound) && $0.1.contains(b.upperBound) }
          .min { $0.1.upperBound - $0.1.lowerBound < $1.1.upperBound - $1.1.lowerBound }
        #expect(left.common(with: right) == fitting?.0, "\(left) and \(right)")
        #expect(left.common(with: right) == right.common(with: left))
      }
      #expect(left.common(with: .float64) == .float64)
      #expect(left.common(with: .bool) == nil && left.common(with: .utf8) == nil)
    }
    #expect(DataType.int16.common(with: .float32) == .float32)
    #expect(DataType.int32.common(with: .float32) == .float64)
  }

  @Test func writersThatAddDifferentColumnsAtOnceLoseNothing() async throws {
    let first = try await makeLibrary()
    try await first.write("S", try frame([0], [("a", .int64s([0]))]))
    var others: [Library] = []
    for client in 100..<106 as Range<UInt64> { others.append(try await makeLibrary(client: client)) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (number, library) in others.enumerated() {
        group.addTask {
          let column = ("c\(number)", Column.int64s([Int64(number)]))
          // Equal times: appends of one instant go together in any order.
          try await library.append("S", try frame([1], [column]))
        }
      }
      try await group.waitForAll()
    }
    let whole = try await first.read("S").frame
    #expect(whole.rowCount == 7 && whole.schema.fields.count == 8)
    for number in 0..<6 {
      let column = try #require(whole["c\(number)"])
      #expect((0..<7).filter { !column.isNull(at: $0) }.count == 1)
    }
  }

  @Test func aLibraryOfFixedSchemaRefuses() async throws {
    let library = try await makeLibrary(dynamic: false)
    try await library.write("S", try frame([0], [("a", .int64s([0]))]))
    await #expect(throws: SternaError.self) {
      try await library.append("S", try frame([1], [("b", .int64s([0]))]))
    }
  }
}
