package import SternaBase
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension DirectoryObjectStore {
  package func put(
    _ key: String, _ bytes: Bytes, mode: PutMode, digest: SHA256Digest?
  ) async throws -> PutResult {
    let write = ObjectWrite(
      key: key, keyBytes: try KeyBytes(checking: key), bytes: bytes, mode: mode,
      isDurable: durability == .powerLoss, environment: environment)
    if let result = try await onThread(key: key, { try self.perform(write, below: $0) }) { return result }

    // Without a root there is no object either.
    if case .ifMatch = mode { try mode.check(against: nil, key: key) }
    let result = try await IOThreads.shared.run { [root] in
      do {
        try DirectoryRoot.create(root)
        return try self.perform(write, below: DirectoryRoot(opening: root))
      } catch let failure as SystemFailure {
        throw failure.error(key: key)
      }
    }
    return result
  }

  /// As a file of its own: a second link would share its modification time, which is the object's tag.
  package func copy(_ source: String, to key: String) async throws {
    try await put(key, try await get(source).bytes)
  }

  private func perform(_ write: ObjectWrite, below root: borrowing DirectoryRoot) throws -> PutResult {
    if !hasRemovedLeftovers.exchange(true, ordering: .relaxed) {
      try TemporaryFile.removeLeftovers(below: root)
    }
    return try write.perform(below: root)
  }

  package func delete(_ key: String) async throws {
    _ = try KeyBytes(checking: key)
    if let failure = try await delete([key]).first?.failure { throw failure }
  }

  package func delete(_ keys: [String]) async throws -> [DeleteOutcome] {
    let isDurable = durability == .powerLoss
    let outcomes = try await onThread { root in
      var touched: Set<String> = []
      var outcomes = keys.map { key in
        do {
          touched.formUnion(try Self.remove(key, below: root))
          return DeleteOutcome(key: key)
        } catch {
          return DeleteOutcome(key: key, failure: Self.failure(error, key: key))
        }
      }
      guard isDurable else { return outcomes }
      // Once for each folder, not for each key. Which keys a failure concerns is not worth telling apart.
      do throws(SystemFailure) {
        for folder in touched { try root.synchronize(folder) }
      } catch {
        for index in outcomes.indices where outcomes[index].failure == nil {
          outcomes[index].failure = error.error(key: outcomes[index].key, mayHaveBeenApplied: true)
        }
      }
      return outcomes
    }
    return outcomes ?? keys.map { DeleteOutcome(key: $0) }
  }

  /// Removes one object and the folders that it leaves empty; answers the folders whose entries changed.
  private static func remove(_ key: String, below root: borrowing DirectoryRoot) throws -> [String] {
    let keyBytes = try KeyBytes(checking: key)
    let path = ObjectPath(keyBytes)
    guard try root.status(of: path.path) != nil else { return [] }
    // A conditional put in flight must not bring the object back after it was removed.
    let lock = try KeyLock(for: keyBytes, below: root)
    guard try root.remove(path.path) else { return [] }
    _ = consume lock
    let emptied = root.removeEmptyFolders(path.folders)
    return [ObjectPath.relative(path.folders.dropLast(emptied))]
  }

  private static func failure(_ error: any Error, key: String) -> SternaError {
    switch error {
    case let failure as SystemFailure: failure.error(key: key)
    case let error as SternaError: error
    default: SternaError(.fileSystem, "\(error)", key: key)
    }
  }
}
