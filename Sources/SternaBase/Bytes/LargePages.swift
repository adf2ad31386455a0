import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Memory for large buffers: on huge pages, and kept from one use to the next.
///
/// The first touch of fresh memory is slower than any decoder, because the kernel clears every page: 1.5
/// GB/s with pages of 4 KiB, 10 GB/s with pages of 2 MiB, against 20 GB/s of decoding into memory that was
/// used before. So what is given back waits here for the next buffer of about its size. While it waits, the
/// kernel may take the pages when memory is short (`MADV_FREE`), and only so much waits; the oldest goes.
package enum LargePages {
  /// The size of a huge page on x86-64 and most ARM kernels.
  private static let pageByteCount = 2 << 20
  /// Buffers from here on lie on huge pages. Their last, incomplete one consists of small pages.
  private static let hugeByteCountMin = 2 * pageByteCount
  /// Buffers from here on are kept.
  static let keptByteCountMin = 256 << 10
  /// Capacities are multiples of this, so that buffers of about the same size fit each other's memory.
  private static let granularity = 64 << 10

  private static let idle = Mutex(IdleMemory(byteCountMax: idleByteCountMax))

  /// Uninitialised memory of at least `count` bytes, all of which are the caller's, or nil when there is
  /// none. To be given back with `deallocate`.
  package static func allocate(byteCount count: Int) -> UnsafeMutableRawBufferPointer? {
    guard count >= keptByteCountMin else {
      return aligned(max(count, 1), to: ByteStorage.alignment)
    }
    guard count <= Int.max - granularity else { return nil }
    let capacity = (count + granularity - 1) / granularity * granularity
    if let kept = locked({ $0.take(byteCount: capacity) }) ?? nil { return kept.memory }
    guard capacity >= hugeByteCountMin else { return aligned(capacity, to: 4_096) }
    guard let memory = aligned(capacity, to: pageByteCount) else { return nil }
    #if os(Linux)
      // A refusal (huge pages are switched off) costs speed only.
      _ = madvise(memory.baseAddress, capacity / pageByteCount * pageByteCount, MADV_HUGEPAGE)
    #endif
    return memory
  }

  /// Takes back what `allocate` gave.
  package static func deallocate(_ memory: UnsafeMutableRawBufferPointer) {
    guard memory.count >= keptByteCountMin else { return free(memory.baseAddress) }
    #if os(Linux)
      if memory.count >= hugeByteCountMin { _ = madvise(memory.baseAddress, memory.count, MADV_FREE) }
    #endif
    let given = IdleMemory.Buffer(memory: memory)
    guard let evicted = locked({ $0.keep(given) }) else { return free(memory.baseAddress) }
    for old in evicted { free(old.memory.baseAddress) }
  }

  private static func aligned(_ count: Int, to alignment: Int) -> UnsafeMutableRawBufferPointer? {
    var address: UnsafeMutableRawPointer?
    guard posix_memalign(&address, alignment, count) == 0 else { return nil }
    return UnsafeMutableRawBufferPointer(start: address, count: count)
  }

  /// Nil when the lock cannot be had for long: in a forked child nobody is left who would give it back, and
  /// there buffers of the parent are still freed.
  private static func locked<Result: Sendable>(_ body: (inout IdleMemory) -> Result) -> Result? {
    for _ in 0..<200 {
      if let result = idle.withLockIfAvailable({ body(&$0) }) { return result }
      sched_yield()
    }
    return nil
  }

  /// A sixteenth of the machine's memory, at most half a GiB.
  private static var idleByteCountMax: Int {
    #if os(Linux)
      let byteCount = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
      return min(max(byteCount / 16, 0), 512 << 20)
    #else
      return 256 << 20
    #endif
  }
}

/// Buffers that nobody uses at the moment.
///
/// - Invariant: `byteCount` is the sum of all buffers and at most `byteCountMax`.
struct IdleMemory: Sendable {
  /// Memory that belongs to whoever holds this, hence `@unchecked`.
  struct Buffer: @unchecked Sendable {
    let memory: UnsafeMutableRawBufferPointer
  }

  /// Looking through more than this would take longer than is saved.
  private static let countMax = 256

  let byteCountMax: Int
  private(set) var byteCount = 0
  /// The oldest first.
  private var buffers: [Buffer] = []

  init(byteCountMax: Int) { self.byteCountMax = byteCountMax }

  /// The smallest buffer that is large enough and not wasted on this; of equal ones the newest, which the
  /// processor's caches may still know.
  mutating func take(byteCount wanted: Int) -> Buffer? {
    var best: (index: Int, size: Int)?
    for index in buffers.indices.reversed() {
      let size = buffers[index].memory.count
      if size >= wanted, size <= wanted + wanted / 4, size < best?.size ?? .max { best = (index, size) }
    }
    guard let best else { return nil }
    byteCount -= best.size
    return buffers.remove(at: best.index)
  }

  /// Keeps a buffer, and returns those that have to go for it.
  mutating func keep(_ buffer: Buffer) -> [Buffer] {
    guard buffer.memory.count <= byteCountMax else { return [buffer] }
    buffers.append(buffer)
    byteCount += buffer.memory.count
    var goneCount = 0
    while byteCount > byteCountMax || buffers.count - goneCount > Self.countMax {
      byteCount -= buffers[goneCount].memory.count
      goneCount += 1
    }
    defer { buffers.removeFirst(goneCount) }
    return Array(buffers[..<goneCount])
  }
}
