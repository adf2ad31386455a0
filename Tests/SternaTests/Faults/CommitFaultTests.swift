import ObjectStore
import SternaBase
import TestSupport
import Testing
import VersionStore

@testable import Sterna

/// Commits on a store whose requests go wrong: what was reported must be what happened.
@Suite struct CommitFaultTests {
  private let memory = MemoryObjectStore()
  private let faults: FaultInjectingObjectStore

  init() { faults = FaultInjectingObjectStore(memory) }

  private func makeLibrary(seed: UInt64 = 1, rowsPerSlice: Int = 1_000) async throws -> Library {
    var options = StoreOptions()
    options.rowsPerSlice = rowsPerSlice
    let environment = SimulatedEnvironment(seed: seed).environment
    let store = Store(
      uri: "memory://faults", objects: faults, endpoint: "memory", options: options,
      environment: environment)
    return try await store.library("ticks", create: true)
  }

  private func row(_ value: Int64) throws -> DataFrame {
    try DataFrame(
      [("time", .timestamps([value], unit: .nanosecond)), ("value", .int64s([value]))], index: "time")
  }

  private func values(_ library: Library) async throws -> [Int64] {
    let column = try #require(try await library.read("S").frame["value"])
    return column.withValues(as: Int64.self) { Array($0) }
  }

  @Test func aLostAnswerToACommitIsSuccessExactlyOnce() async throws {
    let library = try await makeLibrary()
    try await library.append("S", row(1))
    faults.add(FaultRule(.loseAnswer(), verbs: [.put], keys: .containing("/refs/"), on: .nth(1)))
    #expect(try await library.append("S", row(2)).version == 1)
    #expect(try await values(library) == [1, 2])
    #expect(faults.injectedCount == 1)
  }

  @Test func aCommitThatNeverArrivedIsSentAgain() async throws {
    let library = try await makeLibrary()
    try await library.append("S", row(1))
    faults.add(
      FaultRule(.failBefore(.injectedLostAnswer), verbs: [.put], keys: .containing("/refs/"), on: .first(2))
    )
    #expect(try await library.append("S", row(2)).version == 1)
    #expect(try await values(library) == [1, 2])
  }

  @Test func aCommitDeliveredTwiceIsOneVersion() async throws {
    let library = try await makeLibrary()
    try await library.append("S", row(1))
    faults.add(FaultRule(.deliverTwice, verbs: [.put], keys: .containing("/refs/"), on: .nth(1)))
    #expect(try await library.append("S", row(2)).version == 1)
    #expect(try await library.versions(of: "S").count == 2)
    #expect(try await values(library) == [1, 2])
  }

  @Test func aReportedFailureCanNeverComeTrueLater() async throws {
    let library = try await makeLibrary()
    try await library.append("S", row(1))
    // The first sends of the commit are held back on their way; the fence behind them gets through.
    faults.add(FaultRule(.deliverLate(), verbs: [.put], keys: .containing("/refs/"), on: .first(3)))
    let error = await #expect(throws: SternaError.self) { try await library.append("S", row(2)) }
    // Fenced off, so it is certain.
    #expect(error?.mayHaveBeenApplied == false)
    #expect(faults.lateRequestCount == 3)
    await faults.deliverLateRequests()
    #expect(try await values(library) == [1])
    #expect(try await library.append("S", row(3)).version == 1)
    #expect(try await values(library) == [1, 3])
  }

  @Test func aNewSymbolWhoseCreationWasReportedFailedStaysAbsent() async throws {
    let library = try await makeLibrary()
    faults.add(FaultRule(.deliverLate(), verbs: [.put], keys: .containing("/refs/"), on: .first(3)))
    await #expect(throws: SternaError.self) { try await library.write("S", row(1)) }
    await faults.deliverLateRequests()
    #expect(try await library.hasSymbol("S") == false)
    #expect(try await library.symbolNames() == [])
    // The tombstone that fenced it off is built upon.
    #expect(try await library.write("S", row(2)).version == 0)
    #expect(try await values(library) == [2])
  }

  @Test func whenNothingAnswersAnyMoreTheOutcomeIsUnknown() async throws {
    let library = try await makeLibrary()
    try await library.append("S", row(1))
    faults.add(FaultRule(.loseAnswer(), verbs: [.put], keys: .containing("/refs/"), on: .nth(1)))
    faults.add(FaultRule(.failBefore(), verbs: [.get], keys: .containing("/refs/")))
    let error = await #expect(throws: SternaError.self) { try await library.append("S", row(2)) }
    #expect(error?.code == .commitStateUnknown)
    faults.removeAllRules()
    // It had happened; nothing was deleted on the doubt.
    #expect(try await values(library) == [1, 2])
  }

  @Test func anotherWritersCommitInBetweenIsBuiltUpon() async throws {
    let first = try await makeLibrary(seed: 1)
    let second = try await makeLibrary(seed: 2)
    try await first.append("S", row(1))
    try await second.append("S", row(2))
    // `first` remembers version 0 and must find out.
    #expect(try await first.append("S", row(3)).version == 2)
    #expect(try await values(first) == [1, 2, 3])
  }

  @Test func appendsThatDoNotCommuteAreAConflict() async throws {
    let first = try await makeLibrary(seed: 1)
    let second = try await makeLibrary(seed: 2)
    try await first.append("S", row(1))
    try await second.append("S", row(10))
    let error = await #expect(throws: SternaError.self) { try await first.append("S", row(5)) }
    #expect(error?.code == .conflict || error?.code == .unsortedIndex)
    #expect(try await values(first) == [1, 10])
  }

  @Test func damagedBlocksAreNamedAndReadAgainOnce() async throws {
    // A row that fills a slice: less goes to the ref, which has its own checksum.
    let library = try await makeLibrary(rowsPerSlice: 1)
    try await library.append("S", row(1))
    try await library.append("S", row(2))
    faults.add(FaultRule(.flipByte(at: 100), verbs: [.get], keys: .containing(".seg"), on: .nth(1)))
    #expect(try await values(library) == [1, 2])
    faults.add(FaultRule(.flipByte(at: 7), verbs: [.get], keys: .containing(".seg")))
    let error = await #expect(throws: SternaError.self) { try await library.read("S") }
    #expect(error?.code == .corrupt)
    #expect(error?.key?.hasSuffix(".seg") == true)
  }

  @Test func manyWritersOfOneSymbolLoseNothing() async throws {
    let writers = 8
    let rounds = 12
    var libraries: [Library] = []
    for writer in 0..<writers { libraries.append(try await makeLibrary(seed: UInt64(writer) + 10)) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (writer, library) in libraries.enumerated() {
        group.addTask {
          for round in 0..<rounds {
            let value = Int64(writer * 1_000 + round)
            try await library.append("S", DataFrame([("value", .int64s([value]))]))
          }
        }
      }
      try await group.waitForAll()
    }
    let versions = try await libraries[0].versions(of: "S")
    #expect(versions.map(\.version) == Array((0..<(writers * rounds)).reversed()))
    let found = try await values(libraries[0])
    var expected: [Int64] = []
    for writer in 0..<writers {
      for round in 0..<rounds { expected.append(Int64(writer * 1_000 + round)) }
    }
    #expect(found.sorted() == expected)
    // Each writer's rows stand in the order in which it wrote them.
    for writer in 0..<writers {
      let own = found.filter { $0 / 1_000 == Int64(writer) }
      #expect(own == own.sorted())
    }
  }
}
