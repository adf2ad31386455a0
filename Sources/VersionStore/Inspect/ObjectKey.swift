import Columnar
import SternaBase

/// What a key of a store names, as far as the key alone tells.
///
///     sterna.json
///     <library>/library.json
///     <library>/refs/<hh>/<symbol>
///     <library>/blocks/<hh>/<symbol>/<epoch>/<sha256>.<kind>
///     <library>/snapshots/<name>
package struct ObjectKey: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case storeMarker
    case library
    case ref
    case snapshot
    case block(BlockName)
  }

  /// Relative to the store.
  package let text: String
  package let kind: Kind
  private let parts: [Substring]

  /// - Throws: `invalidArgument` for what no object of a store is called.
  package init(parsing text: String) throws(SternaError) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard let kind = Self.kind(parts) else {
      throw SternaError(
        .invalidArgument, "no object of a store has the key '\(text)'",
        advice: "Give it from the store's prefix on, as in LIBRARY/refs/3f/SYMBOL, and in full.")
    }
    self.text = text
    self.kind = kind
    self.parts = parts
  }

  /// The key of a block of the same symbol.
  package func key(of pointer: BlockPointer) -> String {
    (parts.prefix(1) + ["blocks"] + parts.dropFirst(2).prefix(2)).joined(separator: "/")
      + "/\(pointer.epoch)/\(pointer.digest.hex).\(pointer.kind.fileExtension)"
  }

  private static func kind(_ parts: [Substring]) -> Kind? {
    guard parts.count > 1 else {
      return parts.first.map { $0 == StoreMarker.key } == true ? .storeMarker : nil
    }
    guard !parts.contains("") else { return nil }
    switch (parts[1], parts.count) {
    case (Substring(LibraryKeys.options), 2): return .library
    case ("refs", 4): return .ref
    case ("snapshots", 3): return .snapshot
    case ("blocks", 6): return BlockName(keySuffix: parts[4...].joined(separator: "/")).map { .block($0) }
    default: return nil
    }
  }
}
