import Columnar
import SternaBase
import Synchronization

/// Frames of one schema, pulled one after the other: a frame in memory, or a file that is larger than
/// memory.
package struct FrameSource: Sendable {
  package let schema: Schema
  /// The next frame, or nil at the end. Called by one task at a time.
  package let next: @Sendable () async throws -> DataFrame?

  package init(schema: Schema, next: @escaping @Sendable () async throws -> DataFrame?) {
    self.schema = schema
    self.next = next
  }

  /// One frame that is already in memory.
  package init(_ frame: DataFrame) {
    let queue = FrameQueue([frame])
    self.init(schema: frame.schema) { queue.next() }
  }
}

/// Frames in memory, handed out one after the other.
final class FrameQueue: Sendable {
  private let rest: Mutex<[DataFrame]>

  init(_ frames: [DataFrame]) { rest = Mutex(frames.reversed()) }

  func next() -> DataFrame? { rest.withLock { $0.popLast() } }
}
