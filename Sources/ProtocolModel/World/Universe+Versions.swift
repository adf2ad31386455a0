import Columnar
import SternaBase
import VersionStore

/// What a ref says about its versions, wherever they are kept.
extension Universe {
  /// All entries, oldest first: those of the history block and the recent ones.
  func entries(of state: RefState, symbol: Int) -> [VersionEntry] {
    guard let block = block(of: state.history, symbol: symbol), case .history(let old) = content(of: block)
    else { return state.recent }
    return old + state.recent
  }

  func entry(_ number: UInt64, of state: RefState, symbol: Int) -> VersionEntry? {
    state.recentEntry(number) ?? entries(of: state, symbol: symbol).first { $0.number == number }
  }

  func isLive(_ version: UInt64, in document: UInt32, symbol: Int) -> Bool {
    guard let state = ref(document) else { return false }
    return entry(version, of: state, symbol: symbol)?.isLive == true
  }

  /// The segments of a version, in the order of its rows.
  func segments(of content: VersionContent, symbol: Int) -> [UInt32] {
    guard let root = block(of: content.root, symbol: symbol),
      case .node(let children) = self.content(of: root)
    else { return [] }
    return children
  }

  /// The rows of a version, as the numbers of its pieces.
  func rows(of content: VersionContent, symbol: Int) -> [Int] {
    segments(of: content, symbol: symbol).map {
      guard case .segment(let rows) = self.content(of: $0) else { return -1 }
      return rows
    }
  }

  func makeContent(_ root: UInt32) -> VersionContent {
    VersionContent(
      root: .block(pointer(to: root)), summary: .none, schema: .block(Self.schema), columnsPerGroup: 1)
  }

  /// Schemas are inline in small refs, so the model has no object for them.
  private static let schema = BlockPointer(
    kind: .metadata, epoch: 0, digest: SHA256Digest(hashing: "schema"), byteCount: 1)

  /// A write id for replacing `base`, or the commit id of an operation that begins there.
  func freshID(drawer: Int, base: UInt32, count: Int = 0) -> UniqueID {
    ids.seed(drawer: drawer, base: base, count: count)
    return ids.draw()
  }
}
