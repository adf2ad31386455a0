import ObjectStore
import SternaBase

/// Reads and conditionally replaces snapshot objects: the only place that writes one.
package struct SnapshotStore: Sendable {
  let store: any ObjectStore

  /// A snapshot whose head was read.
  struct Opened: Sendable {
    let key: String
    let name: ObjectName
    let head: SnapshotHead
    let tag: ETag
    /// The object's first bytes: all of them, for most.
    let beginning: Bytes

    var seen: SeenSnapshot { SeenSnapshot(stamp: head.stamp, tag: tag) }
  }

  /// Reads a snapshot's head; nil when there is no object.
  func open(_ name: ObjectName) async throws -> Opened? {
    let key = LibraryKeys.snapshot(name)
    guard let opened = try await open(key: key) else { return nil }
    guard opened.name == name else {
      throw SternaError(.corrupt, "the object is snapshot '\(opened.name.text)'", key: key)
    }
    return opened
  }

  /// Reads the head of a snapshot that was listed: its name may be too long to stand in the key.
  func open(key: String) async throws -> Opened? {
    do {
      let object = try await store.get(key, range: .bytes(0..<SnapshotHead.firstReadByteCount))
      do {
        let head = try SnapshotHead(decoding: object.bytes, subject: "snapshot")
        guard head.objectByteCount == object.objectByteCount else {
          throw SternaError(
            .corrupt, "snapshot has \(object.objectByteCount) bytes, not \(head.objectByteCount)")
        }
        let name = try ObjectName(head.name, subject: "snapshot")
        return Opened(key: key, name: name, head: head, tag: object.tag, beginning: object.bytes)
      } catch {
        throw SternaError(wrapping: error).with { $0.key = key }
      }
    } catch let error as SternaError where error.code == .objectNotFound {
      return nil
    }
  }

  /// The keys of all snapshot objects, whatever phase they are in.
  func keys() async throws -> [String] {
    var keys: [String] = []
    for try await page in store.listing(prefix: LibraryKeys.snapshotsPrefix) {
      keys += page.entries.map(\.key)
    }
    return keys
  }

  func write(_ bytes: Bytes, name: ObjectName, replacing base: SeenSnapshot) async throws -> ETag {
    let mode: PutMode = base.tag.map { .ifMatch($0) } ?? .create
    return try await store.put(LibraryKeys.snapshot(name), bytes, mode: mode).tag
  }
}

// MARK: - Parts

extension SnapshotStore {
  /// The members on the pages where the given symbols would be.
  /// - Returns: nil when the object was replaced since its head was read.
  func members(of opened: Opened, onPagesOf symbols: [String]) async throws -> [SnapshotMember]? {
    let count = opened.head.pages.count
    let wanted = Set(symbols.map { SnapshotPage.position(of: $0, pageCount: count) })
    return try await members(of: opened, pages: wanted.sorted())
  }

  func members(of opened: Opened, pages: [Int]? = nil) async throws -> [SnapshotMember]? {
    var members: [SnapshotMember] = []
    for position in pages ?? Array(opened.head.pages.indices) {
      guard let bytes = try await bytes(of: .page(position), opened) else { return nil }
      members += try SnapshotPage.decode(bytes, subject: "page \(position) of \(opened.key)")
    }
    return members
  }

  /// - Returns: nil when the object was replaced since its head was read.
  func contents(of opened: Opened) async throws -> SnapshotContents? {
    guard let metadata = try await metadata(of: opened), let members = try await members(of: opened) else {
      return nil
    }
    return SnapshotContents(time: opened.head.time, metadata: metadata, members: members)
  }

  /// - Returns: nil when the object was replaced since its head was read; a nil within when it has none.
  func metadata(of opened: Opened) async throws -> JSONValue?? {
    guard let bytes = try await bytes(of: .metadata, opened) else { return .none }
    return .some(
      bytes.isEmpty ? nil : try JSONValue(parsing: bytes, subject: "metadata of \(opened.key)"))
  }

  private func bytes(of part: SnapshotHead.PartName, _ opened: Opened) async throws -> Bytes? {
    let range = opened.head.range(of: part)
    if range.upperBound <= opened.beginning.count {
      let bytes = opened.beginning[range]
      if opened.head.isIntact(bytes, part) { return bytes }
    }
    // One re-read tells a fault of the wire from a fault of the store.
    for _ in 0..<2 {
      guard let bytes = try await fetch(range, opened) else { return nil }
      if opened.head.isIntact(bytes, part) { return bytes }
    }
    throw SternaError(
      .corrupt, "part of the snapshot does not match its checksum",
      advice: "Delete the snapshot, or restore the object from a replica.", key: opened.key)
  }

  private func fetch(_ range: Range<Int>, _ opened: Opened) async throws -> Bytes? {
    guard !range.isEmpty else { return .empty }
    do {
      let object = try await store.get(opened.key, range: .bytes(range))
      return object.tag == opened.tag ? object.bytes : nil
    } catch let error as SternaError where error.code == .invalidArgument {
      // The object has become shorter than the range: it was replaced by a tombstone.
      return nil
    }
  }
}
