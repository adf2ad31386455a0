import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import Sterna

/// Updates and deletions against the obvious model: a list of rows.
@Suite struct EditingTests {
  private let memory = RecordingObjectStore(MemoryObjectStore())

  private func makeLibrary(rowsPerSlice: Int = 4) async throws -> Library {
    var options = StoreOptions()
    options.rowsPerSlice = rowsPerSlice
    let store = Store(
      uri: "memory://edit", objects: memory, endpoint: "memory", options: options,
      environment: SimulatedEnvironment(seed: 5).environment)
    return try await store.library("ticks", create: true)
  }

  private typealias Row = (time: Int64, value: Int64)

  private func frame(_ rows: [Row]) throws -> DataFrame {
    try DataFrame(
      [
        ("time", .timestamps(rows.map(\.time), unit: .nanosecond)), ("value", .int64s(rows.map(\.value))),
      ], index: "time")
  }

  private func time(_ range: ClosedRange<Int64>) -> ClosedRange<Timestamp> {
    Timestamp(
      nanosecondsSinceEpoch: range.lowerBound)...Timestamp(nanosecondsSinceEpoch: range.upperBound)
  }

  private func rows(_ library: Library, asOf: AsOf = .latest) async throws -> [Row] {
    let frame = try await library.read("S", asOf: asOf).frame
    return (0..<frame.rowCount).map {
      (frame.columns[0].indexValue(at: $0), frame.columns[1].indexValue(at: $0))
    }
  }

  @Test func everyRangeOfASmallSymbolIsReplacedExactly() async throws {
    let times: [Int64] = [1, 1, 2, 4, 4, 4, 5, 7, 8, 8, 8, 8, 8, 9, 12, 12, 13]
    let old = times.enumerated().map { Row($0.element, Int64($0.offset)) }
    for lower in 0...14 as ClosedRange<Int64> {
      let library = try await makeLibrary()
      try await library.write("S", frame(old))
      for upper in lower...14 {
        for count in [0, 1, 7] {
          let fresh = (0..<count).map { _ in Row(lower, 100) }
          if count == 0 {
            try await library.deleteRows(of: "S", time: time(lower...upper))
          } else {
            try await library.update("S", frame(fresh), time: time(lower...upper))
          }
          let expected = old.filter { $0.time < lower } + fresh + old.filter { $0.time > upper }
          let found = try await rows(library)
          #expect(found.map(\.time) == expected.map(\.time), "\(lower)...\(upper), \(count) rows")
          #expect(found.map(\.value) == expected.map(\.value), "\(lower)...\(upper), \(count) rows")
          try await library.restore("S", asOf: .version(0))
        }
      }
      #expect(try await rows(library, asOf: .version(0)).map(\.value) == old.map(\.value))
    }
  }

  @Test func randomEditsFollowTheModel() async throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    let library = try await makeLibrary()
    var model: [Row] = []
    var versions: [[Row]] = []
    for step in 0..<60 {
      let start = Int64.random(in: 0...400, using: &random)
      let span = Int64.random(in: 0...60, using: &random)
      let count = Int.random(in: 1...30, using: &random)
      let fresh = (0..<count).map { _ in Int64.random(in: start...(start + span), using: &random) }
        .sorted().map { Row($0, Int64(step)) }
      if step % 4 == 3 {
        try await library.deleteRows(of: "S", time: time(start...(start + span)))
        model.removeAll { (start...(start + span)).contains($0.time) }
      } else {
        try await library.update("S", frame(fresh), createSymbol: true)
        let range = fresh[0].time...fresh[fresh.count - 1].time
        model =
          model.filter { $0.time < range.lowerBound } + fresh + model.filter { $0.time > range.upperBound }
      }
      versions.append(model)
    }
    for (version, expected) in versions.enumerated() {
      let found = try await rows(library, asOf: .version(version))
      #expect(found.map(\.time) == expected.map(\.time), "seed \(seed), version \(version)")
      #expect(found.map(\.value) == expected.map(\.value), "seed \(seed), version \(version)")
      let size = try await library.description(of: "S", asOf: .version(version)).version.rowCount
      #expect(size == expected.count)
    }
  }

  @Test func anUpdateOfALargeSymbolUploadsItsNeighbourhoodOnly() async throws {
    let library = try await makeLibrary()
    try await library.write("S", frame((0..<4_000).map { Row($0 * 10, $0) }))
    let indexByteCount = memory.records.filter { $0.verb == .put && $0.key.hasSuffix(".node") }
      .reduce(0) { $0 + $1.sentByteCount }
    memory.reset()
    try await library.update("S", frame([Row(20_005, -1)]))
    let segments = memory.records.filter { $0.verb == .put && $0.key.hasSuffix(".seg") }
    #expect(segments.count <= 3)
    let nodes = memory.records.filter { $0.verb == .put && $0.key.hasSuffix(".node") }
      .reduce(0) { $0 + $1.sentByteCount }
    #expect(nodes * 10 < indexByteCount, "\(nodes) of \(indexByteCount) bytes")
    #expect(try await library.read("S").frame.rowCount == 4_001)
  }

  @Test func metadataAndRestoredVersionsShareTheData() async throws {
    let library = try await makeLibrary()
    try await library.write("S", frame([Row(1, 1), Row(2, 2)]), metadata: ["a": 1])
    try await library.write("S", frame([Row(3, 3)]))
    memory.reset()
    #expect(try await library.restore("S", asOf: .version(0)).version == 2)
    #expect(try await library.writeMetadata("S", ["b": 2]).version == 3)
    #expect(memory.records.filter { $0.verb == .put }.allSatisfy { $0.key.contains("/refs/") })
    #expect(try await rows(library).map(\.value) == [1, 2])
    #expect(try await library.metadata(of: "S", asOf: .version(2)) == ["a": 1])
    #expect(try await library.metadata(of: "S") == ["b": 2])
  }

  @Test func deletedVersionsAreNamedAndTheOthersStay() async throws {
    let library = try await makeLibrary()
    for version in 0..<100 { try await library.append("S", frame([Row(Int64(version), Int64(version))])) }
    try await library.deleteVersions([3, 50, 99, 98], of: "S")
    for version in [3, 50, 98, 99] {
      let error = await #expect(throws: SternaError.self) {
        try await library.read("S", asOf: .version(version))
      }
      #expect(error?.code == .versionPruned)
    }
    #expect(try await library.read("S", asOf: .version(51)).frame.rowCount == 52)
    // The newest that can be read is what appends build on.
    #expect(try await library.read("S").version.version == 97)
    #expect(try await library.append("S", frame([Row(500, 500)])).version == 100)
    #expect(try await library.read("S").frame.rowCount == 99)
    #expect(try await library.versions(of: "S").filter(\.isDeleted).map(\.version) == [99, 98, 50, 3])
    let error = await #expect(throws: SternaError.self) { try await library.deleteVersions([101], of: "S") }
    #expect(error?.code == .versionNotFound)
  }

  @Test func anAppendBuildsOnAnOldVersionWhenAllRecentOnesAreDeleted() async throws {
    let library = try await makeLibrary()
    for version in 0..<100 { try await library.append("S", frame([Row(Int64(version), Int64(version))])) }
    try await library.deleteVersions(Array(10..<100), of: "S")
    #expect(try await library.append("S", frame([Row(500, 500)])).version == 100)
    #expect(try await rows(library).map(\.value) == Array(0...9) + [500])
  }

  @Test func pruningKeepsTheNewest() async throws {
    let library = try await makeLibrary()
    for version in 0..<80 { try await library.append("S", frame([Row(Int64(version), Int64(version))])) }
    try await library.prune("S", keepingLatest: 50)
    let live = try await library.versions(of: "S").filter { !$0.isDeleted }.map(\.version)
    #expect(live == Array((30..<80).reversed()))
    try await library.prune("S")
    #expect(try await library.versions(of: "S").filter { !$0.isDeleted }.map(\.version) == [79])
    #expect(try await library.read("S").frame.rowCount == 80)
  }

  @Test func aDeletedSymbolIsGoneAndItsNameCanBeUsedAgain() async throws {
    let library = try await makeLibrary()
    for version in 0..<40 { try await library.append("S", frame([Row(Int64(version), 1)])) }
    try await library.deleteSymbol("S")
    #expect(try await library.symbolNames() == [])
    #expect(try await library.hasSymbol("S") == false)
    let error = await #expect(throws: SternaError.self) { try await library.deleteSymbol("S") }
    #expect(error?.code == .symbolNotFound)
    #expect(try await library.append("S", frame([Row(1, 7)])).version == 40)
    #expect(try await rows(library).map(\.value) == [7])
    for version in [0, 39] {
      let gone = await #expect(throws: SternaError.self) {
        try await library.read("S", asOf: .version(version))
      }
      #expect(gone?.code == .versionPruned)
    }
  }

  @Test func wrongEditsAreRefusedAndLeaveNothing() async throws {
    let library = try await makeLibrary()
    let missing = await #expect(throws: SternaError.self) {
      try await library.update("S", frame([Row(1, 1)]))
    }
    #expect(missing?.code == .symbolNotFound)
    try await library.write("S", frame([Row(1, 1), Row(9, 9)]))
    let outside = await #expect(throws: SternaError.self) {
      try await library.update("S", frame([Row(5, 5)]), time: time(6...8))
    }
    #expect(outside?.code == .invalidArgument)
    let other = try DataFrame([("time", .timestamps([3], unit: .nanosecond))], index: "time")
    let mismatch = await #expect(throws: SternaError.self) { try await library.update("S", other) }
    #expect(mismatch?.code == .schemaMismatch)
    #expect(try await library.versions(of: "S").count == 1)
  }
}
