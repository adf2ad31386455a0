package import SternaBase

/// What Sterna asks of a place that keeps objects: seven verbs, no more.
///
/// Every implementation (memory, directory, S3) and every decorator (retrying, limiting, recording) passes
/// the same conformance suite in `TestSupport`. What they must guarantee:
///
/// - **Read after write.** A `get` that starts after a `put` returned sees that put, or a later one.
/// - **Atomic objects.** A reader sees a whole old or a whole new object, never a mix.
/// - **Atomic conditions.** Of n parallel `put(.create)` of one key, exactly one succeeds; of n parallel
///   `put(.ifMatch(tag))`, at most one. A store that cannot promise this must not claim it: the races of
///   `ConditionalWriteProof` find out.
///
/// Keys are UTF-8 text of 1...1,024 bytes in which `/` has a meaning only to `list`. They are passed to
/// the store as they are: nothing is normalised, `a//b` and `a/../b` are names like any others.
///
/// Failures are `SternaError`s with these codes: `invalidArgument` (an illegal key, range or page size),
/// `objectNotFound` (get, head, copy; a conditional put of an absent key may answer it),
/// `preconditionFailed`, `conditionalRequestConflict`, `bucketNotFound`, `accessDenied`, `credentials`,
/// `unavailable` (with a `retry` class), `fileSystem`, `unsupportedStore`, `corrupt`, `cancelled`. An error
/// of a `put` or `copy` has `mayHaveBeenApplied` set unless it is certain that it had no effect, now or
/// later.
package protocol ObjectStore: Sendable {
  /// Reads an object, or the part of it that `range` names.
  /// - Throws: `objectNotFound`; `invalidArgument` when the range starts at or behind the object's end.
  func get(_ key: String, range: GetRange) async throws -> GetResult

  /// Reads an object's size and tag.
  /// - Throws: `objectNotFound`.
  func head(_ key: String) async throws -> ObjectMetadata

  /// Writes an object. `digest`, where the caller has it, is the SHA-256 of `bytes`: a store that signs or
  /// verifies payloads uses it instead of hashing again.
  /// - Throws: `preconditionFailed` when `mode` does not hold.
  func put(_ key: String, _ bytes: Bytes, mode: PutMode, digest: SHA256Digest?) async throws -> PutResult

  /// Gives the bytes of an object a second key, inside the store: they do not pass through this machine.
  /// What was under `key` is replaced. No condition, and so repeating it does nothing more.
  /// - Throws: `objectNotFound` for the source; `unsupportedStore` where the store cannot copy: the caller
  ///   then reads and writes.
  func copy(_ source: String, to key: String) async throws

  /// Removes an object; removing one that is not there succeeds.
  func delete(_ key: String) async throws

  /// Removes many objects, in as few requests as the store allows; one outcome per key, in the order given.
  /// - Throws: only when no outcome is known for any key (credentials, no connection).
  func delete(_ keys: [String]) async throws -> [DeleteOutcome]

  /// One page of the keys that follow `request.startAfter` and begin with `request.prefix`, in the order of
  /// their UTF-8 bytes.
  func list(_ request: ListRequest) async throws -> ListPage

  /// The store whose keys this one's really are: itself, unless it shows a part of another.
  var whole: WholeStore { get }
}

/// A store, and what another puts before its own keys to get the store's.
///
/// Two libraries of one store are two values; this tells that an object can be copied from one to the
/// other.
package struct WholeStore: Sendable {
  package let store: any ObjectStore & AnyObject
  package let prefix: String

  package init(store: any ObjectStore & AnyObject, prefix: String = "") {
    self.store = store
    self.prefix = prefix
  }
}

/// The part of an object to read.
package enum GetRange: Hashable, Sendable {
  case whole
  /// Bytes `range`, cut at the object's end. Not empty.
  case bytes(Range<Int>)
  /// The last `count` bytes, or the whole object when it is smaller (also when it is empty, which S3 itself
  /// refuses). Positive.
  case suffix(Int)
}

package struct GetResult: Sendable {
  package var bytes: Bytes
  /// What is needed for a conditional put on what was read.
  package var tag: ETag
  /// The size of the whole object, also when only a range was read.
  package var objectByteCount: Int

  package init(bytes: Bytes, tag: ETag, objectByteCount: Int) {
    self.bytes = bytes
    self.tag = tag
    self.objectByteCount = objectByteCount
  }
}

package struct ObjectMetadata: Hashable, Sendable {
  package var byteCount: Int
  package var tag: ETag

  package init(byteCount: Int, tag: ETag) {
    self.byteCount = byteCount
    self.tag = tag
  }
}

/// Names one state of one object, for conditional puts. Opaque: only equality has a meaning.
///
/// It is often the MD5 of the bytes, so equal bytes may have equal tags: an object that must never return
/// to an earlier tag carries a unique id in its body.
package struct ETag: Hashable, Sendable, CustomStringConvertible {
  /// The tag as the store gave it, without quotes.
  package let value: String
  package init(_ value: String) { self.value = value }
  package var description: String { value }
}

/// Under which condition a put takes effect.
package enum PutMode: Hashable, Sendable {
  case overwrite
  /// Only when no object has the key (If-None-Match: *).
  case create
  /// Only when the object is in the state that the tag names (If-Match).
  case ifMatch(ETag)
}

package struct PutResult: Hashable, Sendable {
  package var tag: ETag
  package init(tag: ETag) { self.tag = tag }
}

package struct DeleteOutcome: Sendable {
  package var key: String
  /// Nil when the object is gone.
  package var failure: SternaError?

  package init(key: String, failure: SternaError? = nil) {
    self.key = key
    self.failure = failure
  }
}

package struct ListRequest: Hashable, Sendable {
  package var prefix: String
  /// Only keys behind this one; with a delimiter, also only common prefixes behind it: a common prefix that
  /// this key lies in is left out.
  package var startAfter: String?
  /// Where given, keys that contain it behind the prefix are folded into one common prefix.
  package var delimiter: String?
  /// The most entries (keys and common prefixes together) of a page; a store may return fewer.
  package var pageSize: Int
  /// From an earlier page; `startAfter` is then ignored.
  package var continuation: String?

  package init(
    prefix: String, startAfter: String? = nil, delimiter: String? = nil, pageSize: Int = 1_000,
    continuation: String? = nil
  ) {
    self.prefix = prefix
    self.startAfter = startAfter
    self.delimiter = delimiter
    self.pageSize = pageSize
    self.continuation = continuation
  }
}

package struct ListPage: Hashable, Sendable {
  package struct Entry: Hashable, Sendable {
    package var key: String
    package var byteCount: Int
    package var tag: ETag

    package init(key: String, byteCount: Int, tag: ETag) {
      self.key = key
      self.byteCount = byteCount
      self.tag = tag
    }
  }

  package var entries: [Entry]
  package var commonPrefixes: [String]
  /// Present when there is more.
  package var continuation: String?

  package init(entries: [Entry], commonPrefixes: [String] = [], continuation: String? = nil) {
    self.entries = entries
    self.commonPrefixes = commonPrefixes
    self.continuation = continuation
  }
}

extension ObjectStore where Self: AnyObject {
  package var whole: WholeStore { WholeStore(store: self) }
}

extension ObjectStore {
  package func get(_ key: String) async throws -> GetResult { try await get(key, range: .whole) }

  @discardableResult
  package func put(_ key: String, _ bytes: Bytes, mode: PutMode = .overwrite) async throws -> PutResult {
    try await put(key, bytes, mode: mode, digest: nil)
  }
}
