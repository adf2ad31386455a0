import SternaBase
import VersionStore

/// Short names for traces.
extension Universe {
  /// Rows from this number on were staged.
  static let stagedRows = 100

  func describe(operation: UInt64) -> String {
    guard operation >> 48 == 1 else { return operation == 0 ? "nobody" : "somebody" }
    return "\(Self.letter(Int(operation >> 8 & 0xFF))).\(operation & 0xFF)"
  }

  static func letter(_ process: Int) -> String { String(UnicodeScalar(UInt8(65 + process))) }

  func describe(block number: UInt32) -> String {
    let block = block(number)
    let what: String =
      switch content(of: number) {
      case .segment(let rows): "rows \(rows)"
      case .merged(let pieces): "rows \(pieces)"
      case .node(let children): "node of \(children.map { describe(block: $0) }.joined(separator: ", "))"
      case .history(let entries): "history to \(entries.last?.number ?? 0)"
      }
    return "[\(what) @\(block.epoch)]"
  }

  func describe(document number: UInt32, cell: Int) -> String {
    switch document(number) {
    case .absent: return "nothing"
    case .ref(let state):
      let versions = entries(of: state, symbol: cell).map { entry in
        let rows = entry.content.map { "\(self.rows(of: $0, symbol: cell))" } ?? "deleted"
        return "v\(entry.number) by \(describe(operation: entry.commitID.high)) \(rows)"
      }
      let life = state.isDeleted ? ", tombstone" : ""
      return "ref#\(number)(epoch \(state.epoch)\(life): \(versions.joined(separator: "; ")))"
    case .snapshot(let snapshot):
      let members = snapshot.members.map { "v\($0.version)" }.joined(separator: ", ")
      let owner = Self.letter(Int(snapshot.owner.high & 0xFF))
      return
        "snapshot#\(number)(\(snapshot.phase), by \(owner): \(members))"
    case .token(let token): return "token of \(describe(operation: token.commitID.high))"
    case .staged(let staged): return "descriptor#\(number)(\(describe(block: staged.block)))"
    }
  }

  func describe(_ request: Request) -> String {
    switch request {
    case .get(let cell): "GET cell \(cell)"
    case .put(let cell, let document, let base):
      "PUT cell \(cell) \(describe(document: document, cell: cell)) if "
        + (base == 0 ? "absent" : "#\(base)")
    case .remove(let cell): "DELETE cell \(cell)"
    case .putBlock(let block): "PUT block \(describe(block: block))"
    case .getBlock(let block): "GET block \(describe(block: block))"
    case .deleteBlock(let block): "DELETE block \(describe(block: block))"
    case .listBlocks(_, let epoch, _, _): "LIST blocks of epochs below \(epoch)"
    case .listCells: "LIST snapshots and descriptors"
    case .choose(let count): "choose among \(count)"
    case .handOver: "hand over the token"
    case .await: "take the token"
    }
  }

  func describe(_ answer: Answer) -> String {
    switch answer {
    case .document(let number): number == 0 ? "404" : "#\(number)"
    case .accepted: "200"
    case .refused: "412"
    case .busy: "409"
    case .lost: "no answer"
    case .found: "200"
    case .missing: "404"
    case .listed(let items): "\(items.count) listed"
    case .chosen(let number): "\(number)"
    }
  }
}
