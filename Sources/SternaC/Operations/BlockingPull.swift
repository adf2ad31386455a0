import Columnar
import Dispatch
import Sterna
import SternaBase

/// The frames of a scan for a consumer that blocks: each call waits in its own thread for a task that takes
/// the next one.
///
/// - Invariant: one call at a time, as the C stream interface demands; the semaphore orders the task's
///   writes before the caller's reads.
final class BlockingPull: @unchecked Sendable {
  private var iterator: FrameSequence.Iterator
  private var result: Result<DataFrame?, SternaError> = .success(nil)
  private var isOver = false

  init(_ frames: FrameSequence) { iterator = frames.makeAsyncIterator() }

  func next() -> Result<DataFrame?, SternaError> {
    guard !isOver else { return .success(nil) }
    let ended = DispatchSemaphore(value: 0)
    Task.detached {
      await self.advance()
      ended.signal()
    }
    ended.wait()
    if case .success(.some) = result { return result }
    isOver = true
    return result
  }

  private func advance() async {
    do {
      result = .success(try await iterator.next())
    } catch {
      result = .failure(SternaError(wrapping: error))
    }
  }
}
