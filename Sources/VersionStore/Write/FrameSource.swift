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
    let rest = Once(frame)
    self.init(schema: frame.schema) { rest.take() }
  }

  private final class Once: Sendable {
    private let frame: Mutex<DataFrame?>
    init(_ frame: DataFrame) { self.frame = Mutex(frame) }
    func take() -> DataFrame? {
      frame.withLock { frame in
        defer { frame = nil }
        return frame
      }
    }
  }
}
