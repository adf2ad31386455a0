import ObjectStore
import SternaBase
import TestSupport
import Testing

@Suite struct RetryingObjectStoreTests {
  private let memory = MemoryObjectStore()
  private let simulated = SimulatedEnvironment(seed: 5)

  private func make(_ rules: FaultRule...) -> (store: RetryingObjectStore, requests: RecordingObjectStore) {
    let requests = RecordingObjectStore(FaultInjectingObjectStore(memory, rules: rules))
    return (RetryingObjectStore(requests, environment: simulated.environment), requests)
  }

  @Test("Every verb succeeds in the end when its faults pass")
  func faultsPass() async throws {
    let (store, requests) = make(FaultRule(.failBefore(), on: .first(2)))
    try await store.put("a", [1])
    #expect(requests.records.map(\.outcome) == [.failure(.unavailable), .failure(.unavailable), .success])
    #expect(simulated.sleptNanoseconds.count == 2 && store.budgetTokenCount == 500)

    let verbs: [RequestRecord.Verb: @Sendable (RetryingObjectStore) async throws -> Void] = [
      .get: { _ = try await $0.get("a") }, .head: { _ = try await $0.head("a") },
      .list: { _ = try await $0.list(ListRequest(prefix: "")) }, .delete: { try await $0.delete("b") },
      .deleteMany: { _ = try await $0.delete(["b", "c"]) },
    ]
    for (verb, request) in verbs {
      let (store, requests) = make(
        FaultRule(.failBefore(.injectedThrottle), verbs: [verb], on: .first(3)))
      try await request(store)
      #expect(requests.requestCount == 4, "\(verb)")
    }
  }

  @Test("A fault that stays is thrown with the number of attempts, and within two minutes")
  func faultsStay() async throws {
    let (store, requests) = make(FaultRule(.failBefore(.injectedThrottle)))
    await #expect { try await store.get("a") } throws: { ($0 as? SternaError)?.attempts == 8 }
    #expect(requests.requestCount == 8)
    #expect(simulated.elapsedNanoseconds <= 120_000_000_000)
  }

  @Test("A create whose answer was lost ends as a failed precondition that may be its own success")
  func lostAnswerOfCreate() async throws {
    let (store, requests) = make(FaultRule(.loseAnswer(), verbs: [.put], on: .nth(1)))
    await #expect { try await store.put("a", [1], mode: .create) } throws: { error in
      guard let error = error as? SternaError else { return false }
      return error.code == .preconditionFailed && error.mayHaveBeenApplied && error.attempts == 2
    }
    #expect(requests.records.map(\.mode) == [.create, .create])
    #expect(try await memory.get("a").bytes == [1])

    await #expect { try await store.put("a", [2], mode: .create) } throws: {
      ($0 as? SternaError)?.mayHaveBeenApplied == false
    }
  }

  @Test("A conditional put that met a conflict of requests is sent again as it was")
  func conflictsAreSentAgain() async throws {
    let tag = try await memory.put("a", [1]).tag
    let (store, requests) = make(FaultRule(.failBefore(.injectedConflict), verbs: [.put], on: .first(3)))
    try await store.put("a", [2], mode: .ifMatch(tag))
    #expect(requests.records.map(\.mode) == Array(repeating: .ifMatch(tag), count: 4))
  }

  @Test("A bulk delete names again only the keys whose failure may pass, and answers in order")
  func bulkDeleteRetriesKeys() async throws {
    for key in ["a", "b1", "c", "b2"] { try await memory.put(key, [1]) }
    let (store, requests) = make(FaultRule(.refuseKeys(.beginning("b")), on: .first(2)))
    let outcomes = try await store.delete(["a", "b1", "c", "b2"])
    #expect(outcomes.map(\.key) == ["a", "b1", "c", "b2"] && outcomes.allSatisfy { $0.failure == nil })
    #expect(requests.records.map(\.keyCount) == [4, 2, 2])
    #expect(memory.count == 0)
  }

  @Test("A bulk delete that cannot end well tells which keys failed, and throws when it knows of none")
  func bulkDeleteGivesUp() async throws {
    for key in ["a", "b"] { try await memory.put(key, [1]) }
    let denied = SternaError(.accessDenied, "denied")
    let (store, requests) = make(
      FaultRule(.refuseKeys(.exactly("a")), on: .nth(1)), FaultRule(.refuseKeys(.exactly("a"), denied)))
    #expect(try await store.delete(["a", "b"]).map(\.failure?.code) == [.accessDenied, nil])
    #expect(requests.requestCount == 2)

    let (stuck, _) = make(FaultRule(.refuseKeys(.exactly("a"))))
    let outcomes = try await stuck.delete(["a", "b"])
    #expect(outcomes.map(\.failure?.attempts) == [8, nil])

    let (down, _) = make(FaultRule(.failBefore()))
    await #expect { try await down.delete(["a", "b"]) } throws: { ($0 as? SternaError)?.attempts == 8 }
  }

  @Test("A task cancelled during a pause ends at once, keeping that the put may have been applied")
  func cancellationDuringPause() async throws {
    let manual = SimulatedEnvironment(time: .manual)
    let faulty = FaultInjectingObjectStore(memory, rules: [FaultRule(.loseAnswer())])
    let store = RetryingObjectStore(faulty, environment: manual.environment)
    let put = Task { try await store.put("a", [1]) }
    await manual.waitForSleepers(1)
    put.cancel()
    await #expect { try await put.value } throws: { error in
      guard let error = error as? SternaError else { return false }
      return error.code == .cancelled && error.mayHaveBeenApplied && error.attempts == 1
    }
  }
}
