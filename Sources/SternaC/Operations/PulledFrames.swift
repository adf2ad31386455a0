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

  /// Works with the frames. The stream is given back before the work ends, also in an error: its producer
  /// may reuse what it is made of once the operation is over.
  func closing<Result: Sendable>(
    _ work: @Sendable (FrameStream) async throws -> Result
  ) async throws -> Result {
    do {
      // A stream that was read to its end is given back.
      return try await work(FrameStream(schema: schema) { [self] in try await next() })
    } catch {
      await withCheckedContinuation { continuation in
        queue.async {
          self.reader.close()
          continuation.resume()
        }
      }
      throw error
    }
  }

  private func next() async throws -> DataFrame? {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result { try self.reader.next() }) }
    }
  }
}
