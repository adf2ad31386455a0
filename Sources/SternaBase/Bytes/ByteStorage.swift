/// One allocation of bytes, 64-byte aligned (a cache line, and what Arrow recommends), zero-length allowed.
///
/// It is writable until it is wrapped in `Bytes`; from then on nobody may write. The two roles are kept
/// apart by convention because the compiler cannot see a network callback fill a buffer, hence
/// `@unchecked`.
public final class ByteStorage: @unchecked Sendable {
  /// What every allocation is aligned to.
  public static let alignment = 64

  @usableFromInline let address: UnsafeMutableRawPointer
  public let count: Int
  @usableFromInline let release: (@Sendable (UnsafeMutableRawPointer) -> Void)?

  /// Allocates uninitialised memory.
  public init(count: Int) {
    precondition(count >= 0)
    self.count = count
    self.address = .allocate(byteCount: max(count, 1), alignment: Self.alignment)
    self.release = nil
  }

  /// Adopts memory that someone else allocated; `release` is called exactly once, from any thread.
  public init(
    adopting address: UnsafeMutableRawPointer, count: Int,
    release: @escaping @Sendable (UnsafeMutableRawPointer) -> Void
  ) {
    self.address = address
    self.count = count
    self.release = release
  }

  deinit {
    if let release { release(address) } else { address.deallocate() }
  }

  @inlinable public var bytes: UnsafeRawBufferPointer { .init(start: address, count: count) }

  /// For filling the memory before it is wrapped in `Bytes`.
  @inlinable public var mutableBytes: UnsafeMutableRawBufferPointer { .init(start: address, count: count) }
}
