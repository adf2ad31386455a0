import SternaBase

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Memory for column buffers: small ones as they come, large ones on huge pages.
///
/// The first touch of fresh 4 KiB pages is slower than any decoder; on 2 MiB pages it is not.
enum LargePages {
  /// The size of a huge page on x86-64 and most ARM kernels, and where large buffers start to use them.
  static let byteCount = 2 << 20
  private static let threshold = 2 * byteCount

  /// Uninitialised memory, to be given back with `deallocate()`.
  static func allocate(byteCount count: Int) -> UnsafeMutableRawPointer {
    guard count >= threshold else {
      return .allocate(byteCount: max(count, 1), alignment: ByteStorage.alignment)
    }
    let address = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: byteCount)
    advise(address, count)
    return address
  }

  /// As `allocate`, for sizes that stored bytes ask for: too much is an error, not the end of the process.
  static func storage(byteCount count: Int) throws(SternaError) -> ByteStorage {
    guard count >= threshold else { return ByteStorage(count: count) }
    var memory: UnsafeMutableRawPointer?
    guard posix_memalign(&memory, byteCount, count) == 0, let address = memory else {
      throw SternaError(
        .resourceLimit, "no memory for a buffer of \(count) bytes",
        advice: "Read fewer rows or columns at a time.")
    }
    advise(address, count)
    return ByteStorage(adopting: address, count: count) { free($0) }
  }

  /// Asks for huge pages; a refusal (they are switched off) costs speed only.
  private static func advise(_ address: UnsafeMutableRawPointer, _ count: Int) {
    #if os(Linux)
      _ = madvise(address, count, MADV_HUGEPAGE)
    #endif
  }
}
