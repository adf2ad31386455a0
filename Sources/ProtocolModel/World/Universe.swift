import Columnar
import ObjectStore
import SternaBase
import VersionStore

/// Every value that a search has met, by number, and the rules that hold in it.
///
/// Processes, documents and blocks are immutable values; a world is made of their numbers. What follows
/// from one of them alone is computed once.
final class Universe {
  let scenario: Scenario
  let ids = IDSource()
  private let rulesOff: Set<Rule>

  private var documents = Interned<Document>()
  private var blocks = Interned<Block>()
  private var contents = Interned<BlockContent>()
  private var contentOfDigest: [SHA256Digest: UInt32] = [:]
  private var requiredBlocks: [UInt32: [UInt32]] = [:]

  init(_ scenario: Scenario, rulesOff: Set<Rule>) {
    self.scenario = scenario
    self.rulesOff = rulesOff
    _ = documents.number(of: .absent)
  }

  func holds(_ rule: Rule) -> Bool { !rulesOff.contains(rule) }

  // MARK: Documents

  func number(of document: Document) -> UInt32 { documents.number(of: document) }
  func number(of state: RefState) -> UInt32 { documents.number(of: .ref(state)) }
  func document(_ number: UInt32) -> Document { documents[number] }
  func ref(_ number: UInt32) -> RefState? { documents[number].ref }

  func snapshot(_ number: UInt32) -> RefSnapshot {
    guard case .ref(let state) = documents[number] else { return .absent }
    return RefSnapshot(state: state, tag: ETag("\(number)"))
  }

  func number(of snapshot: RefSnapshot) -> UInt32 { snapshot.tag.flatMap { UInt32($0.value) } ?? 0 }

  // MARK: Blocks

  func block(_ symbol: Int, epoch: UInt64, _ content: BlockContent) -> UInt32 {
    let content = contents.number(of: content)
    contentOfDigest[Self.digest(of: content)] = content
    return blocks.number(of: Block(symbol: symbol, epoch: epoch, content: content))
  }

  func block(_ number: UInt32) -> Block { blocks[number] }
  func content(of block: UInt32) -> BlockContent { contents[blocks[block].content] }

  /// The same content under another epoch.
  func moved(_ block: UInt32, to epoch: UInt64) -> UInt32 {
    var moved = blocks[block]
    moved.epoch = epoch
    return blocks.number(of: moved)
  }

  func pointer(to block: UInt32) -> BlockPointer {
    let value = blocks[block]
    let kind: BlockKind =
      switch contents[value.content] {
      case .segment, .merged: .segment
      case .node: .node
      case .history: .history
      }
    return BlockPointer(
      kind: kind, epoch: value.epoch, digest: Self.digest(of: value.content), byteCount: 1)
  }

  func block(of root: TreeRoot, symbol: Int) -> UInt32? {
    guard case .block(let pointer) = root, let content = contentOfDigest[pointer.digest] else { return nil }
    return blocks.number(of: Block(symbol: symbol, epoch: pointer.epoch, content: content))
  }

  /// The block that a tail became; nil for one that is still in the ref.
  func block(of tail: Tail, symbol: Int) -> UInt32? {
    guard case .block(let pointer) = tail.segment else { return nil }
    return block(of: .block(pointer), symbol: symbol)
  }

  private static func digest(of content: UInt32) -> SHA256Digest { SHA256Digest(hashing: "\(content)") }

  // MARK: Reachability

  /// A block and everything below it.
  func closure(of block: UInt32) -> [UInt32] {
    switch content(of: block) {
    case .segment, .merged: [block]
    case .node(let children): [block] + children
    case .history(let versions):
      [block]
        + versions.compactMap(\.content).flatMap { closure(of: $0, symbol: blocks[block].symbol) }
    }
  }

  /// Everything that a version consists of.
  func closure(of content: VersionContent, symbol: Int) -> [UInt32] {
    let tree = block(of: content.root, symbol: symbol).map { closure(of: $0) } ?? []
    return tree + [content.tail.flatMap { block(of: $0.tail, symbol: symbol) }].compactMap { $0 }
  }

  /// What a document keeps alive in its cell, sorted: a ref its live versions and its history, a snapshot
  /// that is not gone its versions, a staged piece its rows.
  func roots(of number: UInt32, cell: Int) -> [UInt32] {
    let key = number << 4 | UInt32(cell)
    if let known = requiredBlocks[key] { return known }
    var reached: Set<UInt32> = []
    switch documents[number] {
    case .absent, .token: break
    case .ref(let state):
      for content in state.recent.compactMap(\.content) {
        reached.formUnion(closure(of: content, symbol: cell))
      }
      if let history = block(of: state.history, symbol: cell) { reached.formUnion(closure(of: history)) }
    case .snapshot(let document) where document.phase != .gone:
      for member in document.members {
        reached.formUnion(closure(of: member.content, symbol: member.cell))
      }
    case .snapshot: break
    case .staged(let document): reached = [document.block]
    }
    let sorted = reached.sorted()
    requiredBlocks[key] = sorted
    return sorted
  }

  /// What must exist, or somebody has lost data: the blocks of live versions and of live snapshots.
  func needs(of number: UInt32, cell: Int) -> [UInt32] {
    switch documents[number] {
    case .ref: roots(of: number, cell: cell)
    case .snapshot(let document) where document.phase == .live: roots(of: number, cell: cell)
    default: []
    }
  }
}
