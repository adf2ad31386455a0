import SternaBase

/// Bytes that grow at the end, in memory that becomes a column's buffer without a copy.
///
/// - Invariant: `count <= capacity`, and the first `count` bytes are initialised. `address` and `capacity`
///   are those of `storage`, kept here because a reference would be followed for every value.
package struct GrowableBytes: ~Copyable {
  private var storage: ByteStorage
  private var address: UnsafeMutableRawPointer
  package private(set) var count = 0
  private var capacity: Int

  package init(reserving capacity: Int = 0) {
    storage = ByteStorage(count: capacity)
    self.capacity = capacity
    address = storage.address
  }

  package var bytes: UnsafeRawBufferPointer { .init(start: address, count: count) }
  package var mutableBytes: UnsafeMutableRawBufferPointer { .init(start: address, count: count) }

  @inline(__always)
  package mutating func append<Element: BitwiseCopyable>(_ value: Element) {
    let size = MemoryLayout<Element>.size
    if capacity - count < size { grow(by: size) }
    (address + count).storeBytes(of: value, as: Element.self)
    count += size
  }

  package mutating func append(contentsOf source: UnsafeRawBufferPointer) {
    extend(by: source.count).copyMemory(from: source)
  }

  package mutating func append(contentsOf source: Bytes) {
    source.withUnsafeBytes { append(contentsOf: $0) }
  }

  /// Adds `size` bytes of any value, for the caller to fill before anything else is called.
  package mutating func extend(by size: Int) -> UnsafeMutableRawBufferPointer {
    if capacity - count < size { grow(by: size) }
    defer { count += size }
    return UnsafeMutableRawBufferPointer(start: address + count, count: size)
  }

  package mutating func appendZeros(_ size: Int) {
    extend(by: size).initializeMemory(as: UInt8.self, repeating: 0)
  }

  package mutating func truncate(to size: Int) {
    precondition(size >= 0 && size <= count)
    count = size
  }

  /// Gives the bytes away and starts again with none. Memory that is mostly unused is not kept alive.
  package mutating func take() -> Bytes {
    if count < capacity / 2 {
      defer { count = 0 }
      return Bytes(copying: bytes)
    }
    let taken = Bytes(storage)[0..<count]
    replaceStorage(ByteStorage(count: 0))
    count = 0
    return taken
  }

  @inline(never)
  private mutating func grow(by size: Int) {
    let larger = ByteStorage(count: max(count + size, capacity * 2, 64))
    larger.mutableBytes.copyMemory(from: bytes)
    replaceStorage(larger)
  }

  private mutating func replaceStorage(_ new: ByteStorage) {
    storage = new
    address = new.address
    capacity = new.count
  }
}
