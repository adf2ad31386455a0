import Dispatch
import Testing

@testable import SternaCLI

@Suite struct BlockingThreadTests {
  private struct Failure: Error {}

  @Test("Work runs in the order of the calls, and its answers and errors come back")
  func answers() async throws {
    let thread = BlockingThread("test")
    #expect(try await thread.run { 42 } == 42)
    await #expect(throws: Failure.self) { try await thread.run { throw Failure() } }
    #expect(try await thread.run { "still works" } == "still works")
  }

  @Test("A cancelled caller does not wait for work that blocks", .timeLimit(.minutes(10)))
  func cancellation() async {
    let thread = BlockingThread("test")
    let gate = DispatchSemaphore(value: 0)
    let task = Task { try await thread.run { gate.wait() } }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    gate.signal()
  }
}
