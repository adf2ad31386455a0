import Columnar
import SternaBase

/// Which block of a symbol a key names: what a listing knows of it.
package struct BlockName: Hashable, Sendable {
  package let epoch: UInt64
  package let digest: SHA256Digest
  package let kind: BlockKind

  package init(_ pointer: BlockPointer) {
    epoch = pointer.epoch
    digest = pointer.digest
    kind = pointer.kind
  }

  /// Reads `<epoch>/<sha256>.<kind>`, what stands behind the symbol's folder in a block's key.
  ///
  /// Nil for everything that Sterna would not have written in exactly this form: no collector touches it.
  package init?(keySuffix: some StringProtocol) {
    let parts = keySuffix.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let epoch = UInt64(parts[0]), String(epoch) == parts[0] else { return nil }
    let name = parts[1].split(separator: ".", omittingEmptySubsequences: false)
    guard name.count == 2, let digest = SHA256Digest(hex: name[0]),
      let kind = BlockKind.allCases.first(where: { $0.fileExtension == name[1] })
    else { return nil }
    self.epoch = epoch
    self.digest = digest
    self.kind = kind
  }
}
