package import SternaBase

/// Collects a body in one allocation: of exactly the announced size, or growing when none was announced.
///
/// The bytes of a download are copied once, from libcurl's buffer to here; `finish` hands out this very
/// memory.
package struct HTTPResponseBody {
  private var storage = ByteStorage(count: 0)
  package private(set) var count = 0

  package init() {}

  /// Makes room for an announced size. The size is untrusted, so the caller has compared it with its limit.
  package mutating func reserve(_ byteCount: Int) {
    if byteCount > storage.count { move(toCapacity: byteCount) }
  }

  package mutating func append(_ bytes: UnsafeRawBufferPointer) {
    if count + bytes.count > storage.count {
      move(toCapacity: max(count + bytes.count, storage.count * 2, 4_096))
    }
    UnsafeMutableRawBufferPointer(rebasing: storage.mutableBytes[count...]).copyMemory(from: bytes)
    count += bytes.count
  }

  /// The collected bytes; the collector is empty afterwards.
  package mutating func finish() -> Bytes {
    defer { self = HTTPResponseBody() }
    return Bytes(storage)[0..<count]
  }

  private mutating func move(toCapacity capacity: Int) {
    let larger = ByteStorage(count: capacity)
    larger.mutableBytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage.bytes[..<count]))
    storage = larger
  }
}
