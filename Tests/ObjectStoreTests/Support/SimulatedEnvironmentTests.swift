import SternaBase
import TestSupport
import Testing

@Suite struct SimulatedEnvironmentTests {
  @Test("The same seed gives the same numbers, the first of which are SplitMix64's")
  func randomIsSeeded() {
    var generator = SeededGenerator(seed: 0)
    #expect(generator.next() == 0xE220_A839_7B1D_CDAF)
    #expect(generator.next() == 0x6E78_9E6A_A1B9_65F4)
    let first = SimulatedEnvironment(seed: 3).environment
    let second = SimulatedEnvironment(seed: 3).environment
    #expect((0..<4).map { _ in first.random() } == (0..<4).map { _ in second.random() })
  }

  @Test("Automatic time: a sleep moves both clocks by its length and returns")
  func automaticSleepAdvances() async throws {
    let simulated = SimulatedEnvironment()
    let environment = simulated.environment
    let before = environment.now()
    try await environment.sleep(5_000)
    #expect(environment.now() - before == 5_000 && environment.monotonicNow() == 5_000)
    #expect(simulated.sleptNanoseconds == [5_000])
  }

  @Test("Manual time: sleeps end when the clock passes them")
  func manualSleepWaits() async throws {
    let simulated = SimulatedEnvironment(time: .manual)
    let environment = simulated.environment
    async let long: Void = environment.sleep(20)
    async let short: Void = environment.sleep(10)
    await simulated.waitForSleepers(2)
    simulated.advance(byNanoseconds: 15)
    try await short
    #expect(simulated.sleeperCount == 1)
    simulated.advance(byNanoseconds: 5)
    try await long
  }

  @Test("A cancelled sleep throws at once", arguments: [SimulatedEnvironment.TimeFlow.automatic, .manual])
  func cancelledSleepThrows(flow: SimulatedEnvironment.TimeFlow) async {
    let simulated = SimulatedEnvironment(time: flow)
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      try await simulated.environment.sleep(1_000)
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }

    let waiting = SimulatedEnvironment(time: .manual)
    let sleeper = Task { try await waiting.environment.sleep(1_000) }
    await waiting.waitForSleepers(1)
    sleeper.cancel()
    await #expect(throws: CancellationError.self) { try await sleeper.value }
  }
}
