import ObjectStore
import SternaBase
import TestSupport
import Testing

@Suite struct ConditionalWriteProofTests {
  private let memory = MemoryObjectStore()
  private let simulated = SimulatedEnvironment(seed: 51)

  private func prove(_ store: any ObjectStore) async throws -> ConditionalWriteProof.Result {
    try await ConditionalWriteProof(on: store, keyPrefix: "probe/", environment: simulated.environment)
      .run()
  }

  @Test("Stores that keep their conditions are proven, and keep no scratch objects")
  func goodStoresAreProven() async throws {
    #expect(try await prove(memory) == .proven)
    #expect(try await prove(MemoryObjectStore(tags: .write)) == .proven)
    #expect(memory.count == 0)
    let folder = try TemporaryFolder()
    let directory = DirectoryObjectStore(root: folder.path)
    #expect(try await prove(directory) == .proven)
    #expect(try await directory.list(ListRequest(prefix: "")).entries == [])
  }

  @Test(
    "Each defect is refuted by what was observed",
    arguments: [
      (
        UnsafeConditionObjectStore.Defect.ignoresCreate,
        [
          "16 of 16 create-only writers won", "a create-only put replaced an object that existed",
        ]
      ),
      (
        .ignoresIfMatch,
        [
          "16 of 16 if-match writers won", "a put with a stale ETag succeeded",
          "an if-match put of an object that does not exist succeeded",
        ]
      ),
      (.refusesEveryTag, ["0 of 16 if-match writers won"]),
    ])
  func defectsAreRefuted(defect: UnsafeConditionObjectStore.Defect, reasons: [String]) async throws {
    #expect(
      try await prove(UnsafeConditionObjectStore(memory, defect: defect)) == .refuted(reasons: reasons))
    #expect(memory.count == 0)
  }

  @Test("A store that looks before it writes is found out by the race alone")
  func checkThenWriteIsRefuted() async throws {
    let result = try await prove(UnsafeConditionObjectStore(memory, defect: .checksBeforeWriting))
    guard case .refuted(let reasons) = result else {
      Issue.record("proven")
      return
    }
    #expect(reasons.count == 2 && reasons.allSatisfy { $0.contains(" of 16 ") }, "\(reasons)")
  }

  @Test("Lost answers, conflicts and duplicates below a retrying store do not make a good store look bad")
  func faultsDoNotRefute() async throws {
    let faults: [FaultRule] = [
      FaultRule(.loseAnswer(), verbs: [.put], keys: .containing("create"), on: .nth(1)),
      FaultRule(.loseAnswer(), verbs: [.put], keys: .containing("match"), on: .nth(2)),
      FaultRule(.failBefore(.injectedConflict), verbs: [.put], on: .first(5)),
    ]
    let faulty = FaultInjectingObjectStore(memory, rules: faults)
    #expect(try await prove(RetryingObjectStore(faulty, environment: simulated.environment)) == .proven)
    #expect(faulty.injectedCount > 5)

    let conflicting = FaultInjectingObjectStore(
      memory, rules: [FaultRule(.failBefore(.injectedConflict), verbs: [.put], on: .first(20))])
    #expect(try await prove(conflicting) == .proven)
  }

  @Test("An error that says nothing about conditions is thrown, and the scratch objects are removed")
  func otherErrorsAreThrown() async throws {
    let denied = SternaError(.accessDenied, "denied")
    let faulty = FaultInjectingObjectStore(
      memory, rules: [FaultRule(.failBefore(denied), verbs: [.put], on: .nth(20))])
    await #expect { try await prove(faulty) } throws: { ($0 as? SternaError)?.code == .accessDenied }
    #expect(memory.count == 0)
  }
}
