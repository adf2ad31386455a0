import Columnar
import SternaBase

/// The keys of everything inside one library, relative to the library's folder.
///
///     library.json
///     refs/<hh>/<symbol>
///     blocks/<hh>/<symbol>/<epoch>/<sha256>.<kind>
///     snapshots/<name>
///     staged/<hh>/<symbol>/<token id>.<epoch>
///
/// `hh` spreads load over a bucket's partitions, and lets a large library be listed by 256 parallel LISTs.
package enum LibraryKeys {
  package static let options = "library.json"
  package static let refsPrefix = "refs/"
  package static let blocksPrefix = "blocks/"
  package static let snapshotsPrefix = "snapshots/"
  package static let stagedPrefix = "staged/"

  package static func ref(of symbol: ObjectName) -> String {
    "\(refsPrefix)\(symbol.shard)/\(symbol.encoded)"
  }

  package static func snapshot(_ name: ObjectName) -> String { snapshotsPrefix + name.encoded }

  /// The key of a block. The epoch is part of the name, so that a block re-created while a collector
  /// deletes an older one of equal content is a different object.
  package static func block(_ pointer: BlockPointer, of symbol: ObjectName) -> String {
    blocks(of: symbol) + "\(pointer.epoch)/\(pointer.digest.hex).\(pointer.kind.fileExtension)"
  }

  package static func blocks(of symbol: ObjectName) -> String {
    "\(blocksPrefix)\(symbol.shard)/\(symbol.encoded)/"
  }

  /// Where the descriptors of a symbol's staged pieces lie.
  package static func staged(of symbol: ObjectName) -> String {
    "\(stagedPrefix)\(symbol.shard)/\(symbol.encoded)/"
  }

  /// The symbol's key component in the key of a ref.
  package static func symbolComponent(ofRef key: String) -> Substring? {
    let parts = key.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "refs", parts[1].utf8.count == 2 else { return nil }
    return parts[2]
  }
}
