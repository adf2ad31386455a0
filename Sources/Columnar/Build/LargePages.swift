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
    #if os(Linux)
      // A refusal (huge pages switched off) costs speed only.
      _ = madvise(address, count, MADV_HUGEPAGE)
    #endif
    return address
  }

  static func storage(byteCount count: Int) -> ByteStorage {
    ByteStorage(adopting: allocate(byteCount: count), count: count) { $0.deallocate() }
  }
}
