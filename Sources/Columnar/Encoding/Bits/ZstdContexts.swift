import CZstd
import Synchronization

/// zstd's work areas, kept from one chunk to the next: making one costs more than a small chunk takes.
enum ZstdContexts {
  /// Contexts that nobody uses at the moment, at most as many as threads worked at once.
  private struct Idle: ~Copyable, @unchecked Sendable {
    var compressors: [OpaquePointer] = []
    var decompressors: [OpaquePointer] = []
  }

  private static let idle = Mutex(Idle())

  /// Nil when there is no memory.
  static func withCompressor<Result>(_ body: (OpaquePointer) -> Result) -> Result? {
    let kept = idle.withLock { $0.compressors.popLast().map(Context.init) }
    guard let context = kept?.pointer ?? ZSTD_createCCtx() else { return nil }
    let lent = Context(pointer: context)
    defer { idle.withLock { $0.compressors.append(lent.pointer) } }
    return body(context)
  }

  /// Nil when there is no memory.
  static func withDecompressor<Result>(_ body: (OpaquePointer) -> Result) -> Result? {
    let kept = idle.withLock { $0.decompressors.popLast().map(Context.init) }
    guard let context = kept?.pointer ?? ZSTD_createDCtx() else { return nil }
    let lent = Context(pointer: context)
    defer { idle.withLock { $0.decompressors.append(lent.pointer) } }
    return body(context)
  }

  /// A context belongs to whoever took it out of the idle ones.
  private struct Context: @unchecked Sendable { let pointer: OpaquePointer }
}
