import SternaBase
import Synchronization
import TestSupport
import Testing

@testable import ObjectStore

@Suite(.timeLimit(.minutes(10))) struct AdmissionQueueTests {
  /// What is running now, what ran at most, and in which order work was admitted.
  private final class Gauge: Sendable {
    struct State {
      var requestCount = 0
      var byteCount = 0
      var requestCountMax = 0
      var byteCountMax = 0
      var order: [Int] = []
    }
    let state = Mutex(State())

    func enter(_ name: Int, _ byteCount: Int) {
      state.withLock {
        $0.requestCount += 1
        $0.byteCount += byteCount
        $0.requestCountMax = max($0.requestCountMax, $0.requestCount)
        $0.byteCountMax = max($0.byteCountMax, $0.byteCount)
        $0.order.append(name)
      }
    }

    func leave(_ byteCount: Int) {
      state.withLock {
        $0.requestCount -= 1
        $0.byteCount -= byteCount
      }
    }
  }

  @Test("Neither limit is ever exceeded, and both are used")
  func limitsHold() async throws {
    let seed: UInt64 = 41
    var random = SeededGenerator(seed: seed)
    let costs = (0..<200).map { _ in Int.random(in: 0...60, using: &random) }
    let queue = AdmissionQueue(requestCountMax: 4, byteCountMax: 100)
    let gauge = Gauge()
    await withTaskGroup(of: Void.self) { group in
      for (name, cost) in costs.enumerated() {
        group.addTask {
          try? await queue.run(.init(byteCount: cost)) {
            gauge.enter(name, cost)
            await Task.yield()
            gauge.leave(cost)
          }
        }
      }
    }
    let state = gauge.state.withLock { $0 }
    #expect(
      state.order.count == 200 && state.requestCountMax <= 4 && state.byteCountMax <= 100, "seed \(seed)")
    #expect(state.requestCountMax > 1 && state.byteCountMax > 60, "seed \(seed)")
  }

  /// Holds a slot until `open` is called.
  private struct Gate: Sendable {
    let stream: AsyncStream<Void>
    let continuation: AsyncStream<Void>.Continuation
    init() { (stream, continuation) = AsyncStream.makeStream() }
    func wait() async { for await _ in stream {} }
    func open() { continuation.finish() }
  }

  @Test("Work is admitted in the order of arrival: small work does not overtake large")
  func orderIsArrival() async throws {
    let queue = AdmissionQueue(requestCountMax: 10, byteCountMax: 10)
    let gauge = Gauge()
    let gate = Gate()
    let holder = Task { try await queue.run(.init(byteCount: 5)) { await gate.wait() } }
    var waiters: [Task<Void, any Error>] = []
    while !queue.isHolding(bytes: 5) { await Task.yield() }
    for (name, cost) in [8, 1, 1, 9, 2].enumerated() {
      waiters.append(Task { try await queue.run(.init(byteCount: cost)) { gauge.enter(name, cost) } })
      while queue.waitingCount < name + 1 { await Task.yield() }
    }
    #expect(gauge.state.withLock { $0.order } == [])
    gate.open()
    try await holder.value
    for waiter in waiters { try await waiter.value }
    // Those admitted together may enter in any order among each other; those behind the 9 may not come
    // before it.
    let order = gauge.state.withLock { $0.order }
    #expect(Set(order[0..<3]) == [0, 1, 2] && Set(order[3...]) == [3, 4], "\(order)")
  }

  @Test("A cancelled waiter throws at once, takes nothing, and lets those behind it in")
  func cancelledWaitersTakeNothing() async throws {
    let queue = AdmissionQueue(requestCountMax: 10, byteCountMax: 10)
    let gate = Gate()
    let holder = Task { try await queue.run(.init(byteCount: 5)) { await gate.wait() } }
    while !queue.isHolding(bytes: 5) { await Task.yield() }
    let large = Task { try await queue.run(.init(byteCount: 8)) {} }
    while queue.waitingCount < 1 { await Task.yield() }
    let small = Task { try await queue.run(.init(byteCount: 1)) {} }
    while queue.waitingCount < 2 { await Task.yield() }

    large.cancel()
    await #expect { try await large.value } throws: { ($0 as? SternaError)?.code == .cancelled }
    try await small.value
    gate.open()
    try await holder.value
    #expect(queue.isHolding(bytes: 0))

    // Cancelled before it could wait.
    let blocker = Gate()
    let again = Task { try await queue.run(.init(byteCount: 10)) { await blocker.wait() } }
    while !queue.isHolding(bytes: 10) { await Task.yield() }
    let late = Task {
      while !Task.isCancelled { await Task.yield() }
      try await queue.run(.init(byteCount: 1)) {}
    }
    late.cancel()
    await #expect { try await late.value } throws: { ($0 as? SternaError)?.code == .cancelled }
    blocker.open()
    try await again.value
    #expect(queue.isHolding(bytes: 0) && queue.waitingCount == 0)
  }

  @Test("Work over a limit is admitted alone; work that throws gives back what it took")
  func largeAndFailingWork() async throws {
    let queue = AdmissionQueue(requestCountMax: 2, byteCountMax: 10)
    try await queue.run(.init(requestCount: 5, byteCount: 1_000)) { #expect(queue.isHolding(bytes: 10)) }
    await #expect(throws: SternaError.self) {
      try await queue.run(.init(byteCount: 3)) { throw SternaError(.unavailable, "x") }
    }
    #expect(queue.isHolding(bytes: 0))
  }

  @Test("A limited store charges each request by what it moves")
  func limitedStoreCharges() async throws {
    let recording = RecordingObjectStore(MemoryObjectStore())
    let store = LimitedObjectStore(recording, maxInFlight: 1, maxBytesInFlight: 100)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<20 { group.addTask { try await store.put("\(index)", [1, 2, 3]) } }
      try await group.waitForAll()
    }
    #expect(recording.dependentSteps() == 20)
  }
}
