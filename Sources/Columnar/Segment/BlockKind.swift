/// What an immutable block of a symbol is; all kinds have the segment format.
package enum BlockKind: UInt8, Sendable, CaseIterable {
  /// Rows of data.
  case segment = 1
  /// A node of the index tree.
  case node = 2
  /// Older versions of the symbol.
  case history = 3
  /// The user's metadata of a version.
  case metadata = 4

  /// The end of the object's key.
  package var fileExtension: String {
    switch self {
    case .segment: "seg"
    case .node: "node"
    case .history: "hist"
    case .metadata: "meta"
    }
  }
}
