import SternaBase

/// Where bytes come from, pulled one piece at a time: a file, what a file inflates to, memory in tests.
///
/// Pulling may block on the disk: whoever reads does so on a thread of its own, not on the cooperative
/// pool.
package protocol ByteSource {
  /// The next bytes, never an empty run; nil at the end, and again nil after it.
  mutating func next() throws(SternaError) -> Bytes?
  var progress: ReadProgress { get }
}

/// How far a source has been read, for a progress bar. Counts bytes on disk, so compressed ones of a `.gz`.
package struct ReadProgress: Hashable, Sendable {
  package var consumedByteCount: Int
  /// Nil where nobody knows before the end (a pipe).
  package var totalByteCount: Int?

  package init(consumedByteCount: Int, totalByteCount: Int?) {
    self.consumedByteCount = consumedByteCount
    self.totalByteCount = totalByteCount
  }
}

/// Bytes that are already in memory, handed out in pieces.
package struct MemorySource: ByteSource {
  private let bytes: Bytes
  private let chunkByteCount: Int
  private var position = 0

  package init(_ bytes: Bytes, chunkByteCount: Int = 1 << 20) {
    precondition(chunkByteCount > 0)
    self.bytes = bytes
    self.chunkByteCount = chunkByteCount
  }

  package mutating func next() -> Bytes? {
    guard position < bytes.count else { return nil }
    let start = position
    position = min(start + chunkByteCount, bytes.count)
    return bytes[start..<position]
  }

  package var progress: ReadProgress {
    ReadProgress(consumedByteCount: position, totalByteCount: bytes.count)
  }
}
