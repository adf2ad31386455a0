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

  /// Whether a ref protects what a snapshot has copied; without the rule on tails, the version alone counts.
  func isLive(_ member: SnapshotDocument.Member, in document: UInt32) -> Bool {
    guard let state = ref(document),
      let content = entry(member.version, of: state, symbol: member.cell)?.content
    else { return false }
    return content.protects(member.content) || !holds(.snapshotTailIsFlushed)
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
    segments(of: content, symbol: symbol).flatMap { pieces(of: $0) }
      + (content.tail.map { pieces(of: $0.tail, symbol: symbol).prefix($0.rowCount) } ?? [])
  }

  func pieces(of block: UInt32) -> [Int] {
    switch content(of: block) {
    case .segment(let rows): [rows]
    case .merged(let pieces): pieces
    case .node, .history: [-1]
    }
  }

  func makeContent(_ root: UInt32?, tail: TailUse? = nil) -> VersionContent {
    VersionContent(
      root: root.map { .block(pointer(to: $0)) } ?? .empty, summary: .none, schema: .block(Self.schema),
      columnsPerGroup: 1, tail: tail)
  }

  // MARK: Tails, a byte a piece

  func makeTail(_ pieces: [Int]) -> TailUse {
    let bytes = Bytes(pieces.map { UInt8($0) })
    return TailUse(
      tail: Tail(rowCount: pieces.count, firstKey: nil, segment: .inline(bytes)), rowCount: pieces.count,
      lastKey: nil)
  }

  /// All pieces of a tail, also those that a version does not use.
  func pieces(of tail: Tail, symbol: Int) -> [Int] {
    if let bytes = tail.inlineBytes { return bytes.withUnsafeBytes { $0.map { Int($0) } } }
    return block(of: tail, symbol: symbol).map { pieces(of: $0) } ?? []
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
