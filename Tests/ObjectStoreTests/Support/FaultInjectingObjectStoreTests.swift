import ObjectStore
import SternaBase
import TestSupport
import Testing

@Suite struct FaultInjectingObjectStoreTests {
  private let memory = MemoryObjectStore()

  private func make(_ rules: FaultRule...) -> FaultInjectingObjectStore {
    FaultInjectingObjectStore(memory, rules: rules)
  }

  @Test("A fault before the effect leaves the store as it was; one behind it does not")
  func effectOfFaults() async throws {
    let store = make(
      FaultRule(.failBefore(), keys: .exactly("a")), FaultRule(.loseAnswer(), keys: .exactly("b")))
    for (key, isApplied) in [("a", false), ("b", true)] {
      await #expect { try await store.put(key, [1]) } throws: {
        ($0 as? SternaError)?.mayHaveBeenApplied == isApplied
      }
      let present = try? await memory.head(key)
      #expect((present != nil) == isApplied)
    }
  }

  @Test("A late request takes effect when it is delivered, under the condition that it carries")
  func lateDelivery() async throws {
    let tag = try await memory.put("a", [1]).tag
    let store = make(FaultRule(.deliverLate(), verbs: [.put], on: .first(2)))
    for value in [2, 3] as [UInt8] {
      await #expect(throws: SternaError.self) { try await store.put("a", [value], mode: .ifMatch(tag)) }
    }
    #expect(try await memory.get("a").bytes == [1] && store.lateRequestCount == 2)
    await store.deliverLateRequests()
    #expect(try await memory.get("a").bytes == [2] && store.lateRequestCount == 0)
  }

  @Test("A request delivered twice answers as the second did")
  func doubleDelivery() async throws {
    let store = make(FaultRule(.deliverTwice))
    try await store.put("a", [1])
    await #expect { try await store.put("b", [1], mode: .create) } throws: {
      ($0 as? SternaError)?.code == .preconditionFailed
    }
    #expect(memory.count == 2)
  }

  @Test("Answers of gets are damaged as the rule says, what is stored is not")
  func damagedAnswers() async throws {
    try await memory.put("a", [1, 2, 3])
    let store = make(
      FaultRule(.flipByte(at: 4, mask: 0x80), verbs: [.get], on: .nth(1)),
      FaultRule(.truncate(to: 2), verbs: [.get], on: .nth(2)))
    #expect(try await store.get("a").bytes == [1, 0x82, 3])
    #expect(try await store.get("a").bytes == [1, 2])
    #expect(try await store.get("a").bytes == [1, 2, 3])
    #expect(store.injectedCount == 2)
  }

  @Test("A delay passes on the given clock")
  func delays() async throws {
    let simulated = SimulatedEnvironment()
    let store = FaultInjectingObjectStore(
      memory, rules: [FaultRule(.delay(nanoseconds: 70))], environment: simulated.environment)
    try await store.put("a", [1])
    #expect(simulated.elapsedNanoseconds == 70 && memory.count == 1)
  }

  @Test("Rules count only the requests that fit their verbs and keys")
  func rulesCount() async throws {
    let store = make(FaultRule(.failBefore(), verbs: [.head], keys: .beginning("x/"), on: .nth(2)))
    try await memory.put("x/1", [1])
    _ = try await store.head("x/1")
    _ = try await store.get("x/1")
    _ = try? await store.head("y")
    #expect(store.injectedCount == 0)
    await #expect { try await store.head("x/1") } throws: { ($0 as? SternaError)?.code == .unavailable }
    store.removeAllRules()
    _ = try await store.head("x/1")
  }
}
