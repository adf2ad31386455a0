import Columnar
import SternaBase

/// The result of a read as a sequence of frames, one per row slice or per few that share segments, in
/// order: for results larger than memory.
///
/// The next batches are fetched while the consumer works on the current one; at most `prefetchCount` are
/// held.
package struct FrameScan: AsyncSequence, Sendable {
  package typealias Element = DataFrame

  package let plan: ReadPlan
  let reader: FrameReader
  let prefetchCount: Int

  package func makeAsyncIterator() -> Iterator {
    Iterator(cursor: Cursor(plan: plan, reader: reader, prefetchCount: prefetchCount))
  }

  package struct Iterator: AsyncIteratorProtocol {
    let cursor: Cursor
    package mutating func next() async throws -> DataFrame? { try await cursor.next() }
  }

  /// A class, so that fetches are cancelled when the consumer stops in the middle.
  final class Cursor {
    private let plan: ReadPlan
    private let reader: FrameReader
    private let prefetchCount: Int
    private var batches: ArraySlice<Range<Int>>
    private var inFlight: [Task<DataFrame, any Error>] = []

    init(plan: ReadPlan, reader: FrameReader, prefetchCount: Int) {
      self.plan = plan
      self.reader = reader
      self.prefetchCount = prefetchCount
      batches = plan.batches[...]
    }

    deinit { for task in inFlight { task.cancel() } }

    func next() async throws -> DataFrame? {
      while true {
        while inFlight.count < prefetchCount, let batch = batches.popFirst() {
          let (plan, reader) = (plan, reader)
          inFlight.append(Task { try await reader.read(batch, of: plan) })
        }
        guard let task = inFlight.first else { return nil }
        inFlight.removeFirst()
        let frame = try await withTaskCancellationHandler {
          try await task.value
        } onCancel: {
          task.cancel()
        }
        if frame.rowCount > 0 { return frame }
      }
    }
  }
}
