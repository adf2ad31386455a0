import SternaBase

/// The part of a source that is being tokenized: what has been pulled and not yet consumed, in one piece.
///
///     memory   [ consumed | text ................ | free ]
///                         ^start                  ^end
///
/// Pulling moves the text to the front (less than a chunk, as a rule) and appends. Nobody may hold on to
/// `text` over a call that changes the window.
final class CSVWindow {
  private var source: any ByteSource
  private var memory: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  /// Whether the source has ended: nothing will follow `text`.
  private(set) var isComplete = false

  init(_ source: any ByteSource) {
    self.source = source
    memory = .allocate(byteCount: 1 << 20, alignment: 64)
  }

  deinit { memory.deallocate() }

  var progress: ReadProgress { source.progress }

  var text: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[start..<end]) }

  /// Drops the first bytes of the text.
  func consume(_ byteCount: Int) {
    precondition(byteCount >= 0 && byteCount <= end - start)
    start += byteCount
  }

  /// Pulls until the text has at least `byteCount` bytes or the source ends.
  func fill(to byteCount: Int) throws(SternaError) {
    while end - start < byteCount, !isComplete {
      guard let chunk = try source.next() else {
        isComplete = true
        return
      }
      makeRoom(for: chunk.count, expecting: byteCount)
      chunk.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: memory[end...]).copyMemory(from: $0) }
      end += chunk.count
    }
  }

  private func makeRoom(for addedByteCount: Int, expecting byteCount: Int) {
    guard memory.count - end < addedByteCount else { return }
    let count = end - start
    let needed = max(count, byteCount) + addedByteCount
    if needed <= memory.count {
      memory.copyMemory(from: text)
    } else {
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: needed, alignment: 64)
      larger.copyMemory(from: text)
      memory.deallocate()
      memory = larger
    }
    start = 0
    end = count
  }
}
