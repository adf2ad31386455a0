import ObjectStore
import SternaBase

extension BlockStore {
  /// Brings a block under another epoch, from another symbol, or from another library or store.
  ///
  /// Within one store the store copies it, one request that moves no bytes through this machine. Nobody
  /// looks at the bytes then, and nobody need: the copy's name is the hash that its source had, and whoever
  /// reads it checks it against that, as with every block. So a damaged block stays one that is found to be
  /// damaged, and nothing wrong can come to look right. Bytes that do pass through here are checked: else a
  /// fault of the wire would become one of the store.
  ///
  /// Repeating it is harmless, like putting the block twice.
  ///
  /// - Returns: the pointer under which it can now be read here.
  /// - Throws: `versionPruned` when the block is gone.
  func copy(_ pointer: BlockPointer, from source: BlockStore, under epoch: UInt64) async throws
    -> BlockPointer
  {
    let target = pointer.moved(to: epoch)
    let (here, there) = (store.whole, source.store.whole)
    guard here.store === there.store else { return try await reupload(pointer, from: source, as: target) }
    let old = there.prefix + LibraryKeys.block(pointer, of: source.symbol)
    let new = here.prefix + LibraryKeys.block(target, of: symbol)
    guard old != new else { return target }
    do {
      try await here.store.copy(old, to: new)
    } catch let error as SternaError where error.code == .objectNotFound {
      throw Self.pruned(key: old)
    } catch let error as SternaError where Self.mayBeReuploaded(error) {
      return try await reupload(pointer, from: source, as: target)
    }
    return target
  }

  /// Not every server copies, and not every policy that lets read and write lets copy.
  private static func mayBeReuploaded(_ error: SternaError) -> Bool {
    error.code == .unsupportedStore || error.code == .accessDenied
  }

  private func reupload(
    _ pointer: BlockPointer, from source: BlockStore, as target: BlockPointer
  ) async throws -> BlockPointer {
    try await put(PendingBlock(copying: try await source.get(pointer), as: target))
    return target
  }
}
