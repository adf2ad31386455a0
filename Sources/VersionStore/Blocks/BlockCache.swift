import SternaBase
import Synchronization

/// Keeps recently used index and history nodes in memory, bounded by bytes.
///
/// Only immutable blocks are ever cached, named by their hash: an entry can be dropped at any time but
/// never become wrong. Two generations approximate least-recently-used at the cost of a dictionary.
package final class BlockCache: Sendable {
  private struct Generations {
    var young: [SHA256Digest: Bytes] = [:]
    var old: [SHA256Digest: Bytes] = [:]
    var youngByteCount = 0
  }

  private let generations = Mutex(Generations())
  private let byteCountMax: Int

  package init(byteCountMax: Int = 32 << 20) { self.byteCountMax = byteCountMax }

  package func bytes(for pointer: BlockPointer) -> Bytes? {
    generations.withLock { state in
      if let bytes = state.young[pointer.digest] { return bytes }
      guard let bytes = state.old[pointer.digest] else { return nil }
      insert(bytes, pointer.digest, &state)
      return bytes
    }
  }

  package func insert(_ bytes: Bytes, for pointer: BlockPointer) {
    generations.withLock { insert(bytes, pointer.digest, &$0) }
  }

  private func insert(_ bytes: Bytes, _ digest: SHA256Digest, _ state: inout Generations) {
    guard state.young.updateValue(bytes, forKey: digest) == nil else { return }
    state.youngByteCount += bytes.count
    if state.youngByteCount > byteCountMax / 2 {
      state.old = state.young
      state.young = [:]
      state.youngByteCount = 0
    }
  }
}
