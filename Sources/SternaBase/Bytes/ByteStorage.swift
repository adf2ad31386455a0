/// One allocation of bytes, 64-byte aligned (a cache line, and what Arrow recommends), zero-length allowed.
///
/// It is writable until it is wrapped in `Bytes`; from then on nobody may write. The two roles are kept
/// apart by convention because the compiler cannot see a network callback fill a buffer, hence
/// `@unchecked`.
public final class ByteStorage: @unchecked Sendable {
  /// What every allocation is aligned to.
  public static let alignment = 64

  @usableFromInline package let address: UnsafeMutableRawPointer
  public let count: Int
  /// What was allocated; 0 for memory that someone else allocated.
  private let capacity: Int
  private let release: (@Sendable (UnsafeMutableRawPointer) -> Void)?

  /// Allocates uninitialised memory.
  public convenience init(count: Int) {
    precondition(count >= 0)
    // Without memory the standard library ends the process, as for any array.
    let memory =
      LargePages.allocate(byteCount: count)
      ?? .allocate(byteCount: max(count, 1), alignment: Self.alignment)
    self.init(memory, count: count)
  }

  /// Allocates uninitialised memory of a size that stored bytes ask for: too much is an error, not the end
  /// of the process.
  public convenience init(untrustedCount count: Int) throws(SternaError) {
    guard count >= 0, let memory = LargePages.allocate(byteCount: count) else {
      throw SternaError(
        .resourceLimit, "no memory for a buffer of \(count) bytes",
        advice: "Read fewer rows or columns at a time.")
    }
    self.init(memory, count: count)
  }

  private init(_ memory: UnsafeMutableRawBufferPointer, count: Int) {
    // `allocate` gives an address or nothing.
    self.address = memory.baseAddress.unsafelyUnwrapped
    self.count = count
    self.capacity = memory.count
    self.release = nil
  }

  /// Adopts memory that someone else allocated; `release` is called exactly once, from any thread.
  public init(
    adopting address: UnsafeMutableRawPointer, count: Int,
    release: @escaping @Sendable (UnsafeMutableRawPointer) -> Void
  ) {
    self.address = address
    self.count = count
    self.capacity = 0
    self.release = release
  }

  deinit {
    if let release {
      release(address)
    } else {
      LargePages.deallocate(UnsafeMutableRawBufferPointer(start: address, count: capacity))
    }
  }

  @inlinable public var bytes: UnsafeRawBufferPointer { .init(start: address, count: count) }

  /// For filling the memory before it is wrapped in `Bytes`.
  @inlinable public var mutableBytes: UnsafeMutableRawBufferPointer { .init(start: address, count: count) }
}
