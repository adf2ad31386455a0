import Columnar
import Sterna
import Synchronization
import TextFormats

/// Reads a CSV file on a thread of its own, one frame ahead of whoever writes them to a store: while
/// frame n is encoded and uploaded, frame n + 1 is parsed.
///
/// - Invariant: `reader` is touched only on `thread`; hence `@unchecked`.
final class FrameReadAhead: @unchecked Sendable {
  let schema: Schema

  private let thread: BlockingThread
  private var reader: CSVReader
  private let counter: ImportProgress
  /// The frame that is being parsed.
  private let ahead = Mutex<Task<DataFrame?, any Error>?>(nil)

  private init(_ reader: CSVReader, thread: BlockingThread, counter: ImportProgress) {
    schema = reader.schema
    self.reader = reader
    self.thread = thread
    self.counter = counter
  }

  deinit { ahead.withLock { $0?.cancel() } }

  /// Opens a file, finds out whether it is compressed, and reads its header and the rows that tell its
  /// types.
  static func open(
    path: String, options: CSVOptions, counter: ImportProgress
  ) async throws -> FrameReadAhead {
    let thread = BlockingThread("csv")
    return try await thread.run {
      let source = try InputFile.openDetectingGzip(path: path)
      let reader = try CSVReader(CountingSource(source, counter: counter), options: options)
      return FrameReadAhead(reader, thread: thread, counter: counter)
    }
  }

  /// The frames, for a write.
  var frames: FrameStream {
    FrameStream(schema: schema) { try await self.next() }
  }

  /// Called by one task at a time.
  private func next() async throws -> DataFrame? {
    let current = ahead.withLock { ahead in
      defer { ahead = nil }
      return ahead
    }
    let task = current ?? startReading()
    let frame = try await withTaskCancellationHandler {
      try await task.value
    } onCancel: {
      task.cancel()
    }
    if frame != nil {
      let following = startReading()
      ahead.withLock { $0 = following }
    }
    return frame
  }

  private func startReading() -> Task<DataFrame?, any Error> {
    Task {
      try await thread.run { [self] in
        let frame = try reader.next()
        counter.update { $0.rowCount += frame?.rowCount ?? 0 }
        return frame
      }
    }
  }
}
