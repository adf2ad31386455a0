#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An immutable, reference-counted run of bytes that can be sliced without copying.
///
/// One type carries bytes through every layer: an object read from a bucket, an encoded segment, and the
/// buffer of a column are all `Bytes`, so that a value decoded from one can be handed to the next (and in
/// the end to Arrow or NumPy) without a copy.
///
///     ByteStorage   [. . . . . . . . . . . . . . . .]   one allocation, 64-byte aligned, freed once
///     Bytes                 ^offset  --count-->         any number of views on it
///
/// - Invariant: `0 <= offset`, `offset + count <= storage.count`, and the storage is never written after
///   the first `Bytes` on it is made. That invariant is what makes the type `Sendable`.
public struct Bytes: Sendable {
  @usableFromInline let storage: ByteStorage
  @usableFromInline let offset: Int
  /// The number of bytes.
  public let count: Int

  @inlinable
  init(storage: ByteStorage, offset: Int, count: Int) {
    assert(offset >= 0 && count >= 0 && offset + count <= storage.count)
    self.storage = storage
    self.offset = offset
    self.count = count
  }

  /// All bytes of a storage. The caller gives up the right to write to it.
  @inlinable
  public init(_ storage: ByteStorage) {
    self.init(storage: storage, offset: 0, count: storage.count)
  }

  /// A run of no bytes.
  public static let empty = Bytes(ByteStorage(count: 0))

  /// Copies any sequence of bytes.
  public init(_ source: some Collection<UInt8>) {
    let storage = ByteStorage(count: source.count)
    storage.mutableBytes.copyBytes(from: source)
    self.init(storage)
  }

  /// Copies a region of memory.
  public init(copying source: UnsafeRawBufferPointer) {
    let storage = ByteStorage(count: source.count)
    storage.mutableBytes.copyMemory(from: source)
    self.init(storage)
  }

  /// Makes `count` bytes and lets `initialize` fill all of them.
  @inlinable
  public init<Failure: Error>(
    count: Int, _ initialize: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    let storage = ByteStorage(count: count)
    try initialize(storage.mutableBytes)
    self.init(storage)
  }

  @inlinable public var isEmpty: Bool { count == 0 }

  /// Lends the bytes for the duration of `body`; the pointer must not escape.
  @inlinable
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let view = UnsafeRawBufferPointer(rebasing: storage.bytes[offset..<(offset + count)])
    // `storage` must outlive the pointer even when `self` is not used again.
    defer { withExtendedLifetime(storage) {} }
    return try body(view)
  }

  /// A view on part of the bytes; nothing is copied.
  /// - Precondition: `range` lies within `0..<count`. Lengths from untrusted bytes go through `ByteReader`.
  @inlinable
  public subscript(range: Range<Int>) -> Bytes {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "slice out of bounds")
    return Bytes(storage: storage, offset: offset + range.lowerBound, count: range.count)
  }

  @inlinable
  public subscript(index: Int) -> UInt8 {
    precondition(index >= 0 && index < count, "index out of bounds")
    return storage.bytes[offset + index]
  }

  /// The bytes as an array (a copy).
  public var array: [UInt8] { withUnsafeBytes { Array($0) } }

  /// The bytes read as UTF-8, or nil when they are not valid UTF-8.
  public var utf8String: String? { withUnsafeBytes { String(validating: $0, as: UTF8.self) } }

  /// True when this view covers its whole allocation, so keeping it keeps nothing else alive.
  public var ownsWholeStorage: Bool { count == storage.count }
}

extension Bytes: Equatable {
  public static func == (left: Bytes, right: Bytes) -> Bool {
    guard left.count == right.count else { return false }
    return left.withUnsafeBytes { leftBytes in
      right.withUnsafeBytes { rightBytes in
        guard let leftBase = leftBytes.baseAddress, let rightBase = rightBytes.baseAddress else {
          return true
        }
        return leftBase == rightBase || memcmp(leftBase, rightBase, left.count) == 0
      }
    }
  }
}

extension Bytes: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: UInt8...) { self.init(elements) }
}

extension Bytes: CustomStringConvertible {
  public var description: String { "Bytes(\(count))" }
}

extension Bytes {
  /// The UTF-8 bytes of a string.
  public init(utf8 string: String) { self.init(Array(string.utf8)) }
}
