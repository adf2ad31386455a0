import CArrow
import Columnar
import Dispatch
import Sterna
import SternaBase

/// The batches of a C stream as frames for the engine.
///
/// A producer may block for long (it may read a file, or wait for Python's lock), so it is asked in a queue
/// of its own and never in the task pool.
final class PulledFrames: Sendable {
  let schema: Schema
  private let reader: ArrowStreamReader
  private let queue = DispatchQueue(label: "sterna.arrow-input")

  init(taking stream: UnsafeMutablePointer<ArrowArrayStream>, index: ArrowIndex) throws(SternaError) {
    reader = try ArrowStreamReader(taking: stream, index: index)
    schema = reader.schema
  }

  var stream: FrameStream { FrameStream(schema: schema) { [self] in try await next() } }

  private func next() async throws -> DataFrame? {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result { try self.reader.next() }) }
    }
  }
}
