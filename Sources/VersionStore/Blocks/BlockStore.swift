import Columnar
import ObjectStore
import SternaBase

/// The immutable, content-addressed blocks of one symbol: every read is checked against the pointer that
/// led to it.
package struct BlockStore: Sendable {
  let store: any ObjectStore
  let symbol: ObjectName
  let cache: BlockCache

  package init(store: any ObjectStore, symbol: ObjectName, cache: BlockCache) {
    self.store = store
    self.symbol = symbol
    self.cache = cache
  }

  /// Uploads a block. Putting the same block twice is harmless: equal names mean equal bytes.
  package func put(_ block: PendingBlock) async throws {
    let key = LibraryKeys.block(block.pointer, of: symbol)
    _ = try await store.put(key, block.bytes, mode: .overwrite, digest: block.pointer.digest)
    if block.pointer.isCacheable { cache.insert(block.bytes, for: block.pointer) }
  }

  /// Uploads blocks, at most `concurrency` at once.
  package func put(_ blocks: [PendingBlock], concurrency: Int) async throws {
    try await forEachConcurrently(blocks, limit: concurrency) { try await put($0) }
  }

  /// Reads a whole block.
  /// - Throws: `corrupt` when the bytes are not the ones that the pointer names, twice over: one re-read
  ///   tells a fault of the wire from a fault of the store. `versionPruned` when the block is gone.
  package func get(_ pointer: BlockPointer) async throws -> Bytes {
    if pointer.isCacheable, let cached = cache.bytes(for: pointer) { return cached }
    let key = LibraryKeys.block(pointer, of: symbol)
    for isLastTry in [false, true] {
      // As a range, because its length is known here: limits on bytes in flight can then count it.
      let bytes = try await fetch(key, range: .bytes(0..<pointer.byteCount))
      if bytes.count == pointer.byteCount, SHA256Digest(hashing: bytes) == pointer.digest {
        if pointer.isCacheable { cache.insert(bytes, for: pointer) }
        return bytes
      }
      if isLastTry { break }
    }
    throw Self.corruptBlock(key, "its bytes do not match the hash that names it")
  }

  /// Reads two whole blocks that are not cached, and computes their hashes together.
  package func get(_ first: BlockPointer, and second: BlockPointer) async throws -> (Bytes, Bytes) {
    async let firstFetched = fetch(LibraryKeys.block(first, of: symbol), range: .bytes(0..<first.byteCount))
    let secondBytes = try await fetch(
      LibraryKeys.block(second, of: symbol), range: .bytes(0..<second.byteCount))
    let firstBytes = try await firstFetched
    let digests = SHA256Digest.hashing(firstBytes, and: secondBytes)
    // What is not as it should be is read again, and if need be reported, by itself.
    return (
      digests.0 == first.digest ? firstBytes : try await get(first),
      digests.1 == second.digest ? secondBytes : try await get(second)
    )
  }

  /// Reads parts of a block, each accepted by `verify` (a range has no hash of its own: its chunk's
  /// checksum is the check). Same rule of one re-read.
  package func get<Value>(
    _ pointer: BlockPointer, range: Range<Int>, verify: (Bytes) -> Value?
  ) async throws -> Value {
    let key = LibraryKeys.block(pointer, of: symbol)
    for _ in 0..<2 {
      let bytes = try await fetch(key, range: .bytes(range))
      if bytes.count == range.count, let value = verify(bytes) { return value }
    }
    throw Self.corruptBlock(key, "bytes \(range) do not match their checksum")
  }

  private func fetch(_ key: String, range: GetRange) async throws -> Bytes {
    do {
      return try await store.get(key, range: range).bytes
    } catch let error as SternaError where error.code == .objectNotFound {
      throw Self.pruned(key: key)
    }
  }

  static func pruned(key: String) -> SternaError {
    SternaError(
      .versionPruned, "a block of the version is gone: it was pruned and collected while it was read",
      advice: "Read the latest version, or keep versions that are read for long in a snapshot.", key: key)
  }

  private static func corruptBlock(_ key: String, _ why: String) -> SternaError {
    SternaError(
      .corrupt, "block is corrupt: \(why)",
      advice: "Restore the object from a replica; `sterna verify` lists everything that is damaged.",
      key: key)
  }
}

/// A block that is encoded and named but not yet uploaded.
package struct PendingBlock: Sendable {
  package let pointer: BlockPointer
  package let bytes: Bytes

  package init(kind: BlockKind, epoch: UInt64, bytes: Bytes) {
    self.bytes = bytes
    self.pointer = BlockPointer(
      kind: kind, epoch: epoch, digest: SHA256Digest(hashing: bytes), byteCount: bytes.count)
  }

  /// Bytes that were read, and thereby checked, by a pointer of this hash.
  init(copying bytes: Bytes, as pointer: BlockPointer) {
    self.bytes = bytes
    self.pointer = pointer
  }
}

extension BlockPointer {
  /// Nodes, and the schemas of wide symbols, are small and read again and again; segments would push them
  /// out.
  fileprivate var isCacheable: Bool {
    switch kind {
    case .node, .history: true
    case .metadata: byteCount <= 256 << 10
    case .segment: false
    }
  }
}
