import SternaBase
import Synchronization
import TextFormats

/// How far an import has come, told by the thread that reads and asked by whoever draws.
final class ImportProgress: Sendable {
  struct Counts: Hashable {
    /// Bytes on disk, so compressed ones of a `.gz`.
    var read = ReadProgress(consumedByteCount: 0, totalByteCount: nil)
    /// Bytes of CSV.
    var textByteCount = 0
    var rowCount = 0
  }

  private let state = Mutex(Counts())

  var counts: Counts { state.withLock { $0 } }

  func update(_ change: (inout Counts) -> Void) { state.withLock { change(&$0) } }
}

/// Passes on the bytes of another source and tells how many they were.
struct CountingSource: ByteSource {
  private var base: any ByteSource
  private let counter: ImportProgress

  init(_ base: any ByteSource, counter: ImportProgress) {
    self.base = base
    self.counter = counter
  }

  var progress: ReadProgress { base.progress }

  mutating func next() throws(SternaError) -> Bytes? {
    let bytes = try base.next()
    let progress = base.progress
    counter.update { counts in
      counts.read = progress
      counts.textByteCount += bytes?.count ?? 0
    }
    return bytes
  }
}
