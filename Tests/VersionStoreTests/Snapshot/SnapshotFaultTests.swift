import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import VersionStore

/// Snapshots on a store where one request goes wrong, each in turn: what was reported must be what
/// happened, and the operation can be tried again.
@Suite struct SnapshotFaultTests {
  private func forEveryRequest(
    _ fault: FaultRule.Fault, prepare: (SymbolStore) async throws -> Void,
    operation: (SymbolStore) async throws -> Void,
    check: (SymbolStore, SternaError?, Comment) async throws -> Void
  ) async throws {
    var ordinal = 0
    var wasInjected = true
    while wasInjected {
      ordinal += 1
      let library = SimulatedLibrary()
      let client = library.client()
      try await client.write("A", from: 0)
      try await client.write("B", from: 100)
      try await prepare(client)
      let faults = FaultInjectingObjectStore(library.memory)
      faults.add(FaultRule(fault, on: .nth(ordinal)))
      var failure: SternaError?
      do {
        try await operation(library.client(seed: 5, through: faults))
      } catch {
        failure = SternaError(wrapping: error)
      }
      wasInjected = faults.injectedCount > 0
      // What is still on its way arrives late.
      await faults.deliverLateRequests()
      let comment: Comment = "\(fault) of request \(ordinal)"
      let report = try await library.client(seed: 6).verify(depth: .data)
      #expect(report.problems == [], comment)
      try await check(library.client(seed: 7), failure, comment)
    }
    #expect(ordinal > 3)
  }

  private static let faults: [FaultRule.Fault] = [
    .failBefore(), .loseAnswer(), .deliverLate(), .deliverTwice,
  ]

  @Test(arguments: 0..<4)
  func aCreationIsReportedAsItHappened(fault: Int) async throws {
    try await forEveryRequest(Self.faults[fault]) { _ in
    } operation: {
      try await $0.createSnapshot("s")
    } check: { client, error, comment async throws in
      let names = try await client.listSnapshots(phases: [.live, .pending]).map(\.name)
      switch error?.code {
      case nil: #expect(names == ["s"], comment)
      case .commitStateUnknown?: break
      default: #expect(names == [], comment)
      }
      // A retry makes it, or finds it made.
      do {
        try await client.createSnapshot("s")
      } catch let error as SternaError {
        #expect(error.code == .alreadyExists, comment)
      }
      #expect(try await client.values("A", .snapshot("s")) == Array(0..<20), comment)
      #expect(try await client.values("B", .snapshot("s")) == Array(100..<120), comment)
    }
  }

  @Test(arguments: 0..<4)
  func aDeletionIsReportedAsItHappened(fault: Int) async throws {
    try await forEveryRequest(Self.faults[fault]) {
      try await $0.createSnapshot("s")
    } operation: {
      try await $0.deleteSnapshot("s")
      _ = try await $0.listSnapshots()
      _ = try await $0.collect()
    } check: { client, error, comment async throws in
      let names = try await client.listSnapshots(phases: [.live, .pending]).map(\.name)
      if error == nil { #expect(names == [], comment) }
      do {
        try await client.deleteSnapshot("s")
      } catch let error as SternaError {
        #expect(error.code == .snapshotNotFound, comment)
      }
      try await client.createSnapshot("s")
      #expect(try await client.values("A", .snapshot("s")) == Array(0..<20), comment)
    }
  }

  @Test func oneOfManyCreatorsOfANameWins() async throws {
    let library = SimulatedLibrary()
    try await library.client().write("A", from: 0)
    let winners = SharedValue(0)
    await withTaskGroup(of: Void.self) { group in
      for seed in 0..<8 {
        let client = library.client(seed: UInt64(seed) + 50)
        group.addTask {
          if (try? await client.createSnapshot("s")) != nil { winners.update { $0 += 1 } }
        }
      }
    }
    #expect(winners.value == 1)
    #expect(try await library.client().values("A", .snapshot("s")) == Array(0..<20))
  }
}
