package import SternaBase
import Synchronization

/// Objects in this process's memory: the store of tests and of scratch work, and the contract's plainest
/// form.
///
/// Every call is one step under one lock, so the order in which calls return is the order in which they
/// took effect. Nothing depends on time or chance: the same calls give the same tags.
package final class MemoryObjectStore: ObjectStore {
  /// Where an object's tag comes from.
  package enum TagSource: Sendable {
    /// From the bytes, as on S3: writing an object's earlier bytes again brings its earlier tag back. The
    /// default, because a protocol that is right on it is right on the others.
    case content
    /// From the number of the write: no tag ever recurs.
    case write
  }

  private struct Object {
    var bytes: Bytes
    var tag: ETag
  }

  private struct State {
    var objects: [KeyBytes: Object] = [:]
    /// The keys of `objects`, ascending: what listings walk.
    var keys: [KeyBytes] = []
    var writeCount = 0

    /// The index of the least key at or behind `position`.
    func index(of position: KeyBytes) -> Int {
      var low = 0
      var high = keys.count
      while low < high {
        let middle = (low + high) / 2
        if keys[middle] < position { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }

  private let tagSource: TagSource
  private let state = Mutex(State())

  package init(tags tagSource: TagSource = .content) { self.tagSource = tagSource }

  /// The number of objects.
  package var count: Int { state.withLock { $0.keys.count } }

  package func get(_ key: String, range: GetRange) async throws -> GetResult {
    let object = try object(key)
    do {
      let resolved = try range.resolve(objectByteCount: object.bytes.count)
      return GetResult(
        bytes: object.bytes[resolved], tag: object.tag, objectByteCount: object.bytes.count)
    } catch {
      throw error.with { $0.key = key }
    }
  }

  package func head(_ key: String) async throws -> ObjectMetadata {
    let object = try object(key)
    return ObjectMetadata(byteCount: object.bytes.count, tag: object.tag)
  }

  package func put(
    _ key: String, _ bytes: Bytes, mode: PutMode, digest: SHA256Digest?
  ) async throws -> PutResult {
    let keyBytes = try KeyBytes(checking: key)
    let contentTag = tagSource == .content ? (digest ?? SHA256Digest(hashing: bytes)).hex : ""
    return try state.withLock { state in
      let present = state.objects[keyBytes]
      try mode.check(against: present?.tag, key: key)
      state.writeCount += 1
      let tag = ETag(tagSource == .content ? String(contentTag.prefix(32)) : "\(state.writeCount)")
      if present == nil { state.keys.insert(keyBytes, at: state.index(of: keyBytes)) }
      state.objects[keyBytes] = Object(bytes: bytes, tag: tag)
      return PutResult(tag: tag)
    }
  }

  package func copy(_ source: String, to key: String) async throws {
    try await put(key, try object(source).bytes)
  }

  package func delete(_ key: String) async throws { remove(try KeyBytes(checking: key)) }

  package func delete(_ keys: [String]) async throws -> [DeleteOutcome] {
    keys.map { key in
      do throws(SternaError) {
        remove(try KeyBytes(checking: key))
        return DeleteOutcome(key: key)
      } catch {
        return DeleteOutcome(key: key, failure: error)
      }
    }
  }

  package func list(_ request: ListRequest) async throws -> ListPage {
    var builder = try ListPageBuilder(request)
    state.withLock { state in
      while let position = builder.position {
        let index = state.index(of: position)
        guard index < state.keys.count else { break }
        let key = state.keys[index]
        builder.offer(key) {
          state.objects[key].map { ObjectMetadata(byteCount: $0.bytes.count, tag: $0.tag) }
        }
      }
    }
    return builder.page
  }

  private func object(_ key: String) throws(SternaError) -> Object {
    let keyBytes = try KeyBytes(checking: key)
    guard let object = state.withLock({ $0.objects[keyBytes] }) else { throw .objectNotFound(key) }
    return object
  }

  private func remove(_ key: KeyBytes) {
    state.withLock { state in
      guard state.objects.removeValue(forKey: key) != nil else { return }
      state.keys.remove(at: state.index(of: key))
    }
  }
}
