internal import SternaBase

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// One put of a `DirectoryObjectStore`, as the steps that make it atomic:
///
///     temporary file -> bytes -> fsync
///       -> lock -> check -> stamp -> link or rename -> unlock
///       -> fsync of the folder
///
/// The slow steps lie outside the lock. Nothing before link or rename has an effect that a reader could
/// see; nothing behind it can undo it, so a failure there leaves it open whether the object survives a
/// power loss.
struct ObjectWrite: Sendable {
  let key: String
  let keyBytes: KeyBytes
  let bytes: Bytes
  let mode: PutMode
  let isDurable: Bool
  let environment: Environment

  /// Folders vanish under a writer when others delete their last objects; nobody can do that so often.
  private static let attemptCountMax = 64

  func perform(below root: borrowing DirectoryRoot) throws -> PutResult {
    let target = ObjectPath(keyBytes)
    // Spares the work when the outcome is clear; the check that counts is made under the lock.
    if mode.isConditional { try mode.check(against: root.status(of: target.path)?.tag, key: key) }

    var attempt = 1
    while true {
      do {
        if attempt > 1 {
          try StoreFolder.create(below: root, isDurable: isDurable)
          try root.makeFolders(target.folders, isDurable: isDurable)
        }
        return try attemptOnce(target, below: root)
      } catch let failure as SystemFailure {
        guard failure.code == ENOENT, attempt < Self.attemptCountMax else { throw failure }
        attempt += 1
      }
    }
  }

  private func attemptOnce(_ target: ObjectPath, below root: borrowing DirectoryRoot) throws -> PutResult {
    let temporary = try TemporaryFile(holding: bytes, name: environment.makeUniqueID(), below: root)
    // Gone already when it was renamed. A failure leaves a file that the next writer removes.
    defer { _ = try? root.remove(temporary.path) }
    if isDurable { try temporary.file.synchronize() }

    let tag = try publish(temporary, as: target, below: root)
    do throws(SystemFailure) {
      if isDurable { try root.synchronize(target.folder) }
    } catch {
      throw error.error(key: key, mayHaveBeenApplied: true)
    }
    return PutResult(tag: tag)
  }

  /// Gives the temporary file the object's name, if the condition holds.
  private func publish(
    _ temporary: borrowing TemporaryFile, as target: ObjectPath, below root: borrowing DirectoryRoot
  ) throws -> ETag {
    let lock = try KeyLock(for: keyBytes, below: root)
    try mode.check(against: root.status(of: target.path)?.tag, key: key)
    let stamp = try lock.issueStamp(nowNanoseconds: environment.now())
    try temporary.file.setModificationTime(nanoseconds: stamp)
    let status = try temporary.file.status()
    guard status.modificationNanoseconds == stamp else {
      throw SternaError(
        .unsupportedStore, "the file system of \(root.path) does not keep times of a nanosecond",
        advice: "Put the store on ext4, XFS, Btrfs, tmpfs or NFS 4.", key: key)
    }
    if mode == .create {
      do throws(SystemFailure) {
        try root.link(temporary.path, to: target.path)
      } catch {
        // Somebody who does not honour the lock was faster.
        if error.code == EEXIST {
          throw SternaError(.preconditionFailed, "the object exists already", key: key)
        }
        throw error
      }
    } else {
      try root.rename(temporary.path, to: target.path)
    }
    _ = consume lock
    return status.tag
  }
}
