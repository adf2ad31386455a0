import SternaBase
import VersionStore

/// Deletes one version: its data, not its number and commit id. Applied twice it does nothing.
///
/// Stands for the real operation, whose decisions can take its place: `edited` is all of it.
struct Pruner: ModelProcess {
  enum Target: Hashable {
    case version(UInt64)
    /// One among the first `count` versions; every choice is searched.
    case any(count: Int)
  }

  enum Phase: Hashable {
    case choosing, reading
    case puttingHistory(block: UInt32, document: UInt32, base: UInt32)
    case putting(document: UInt32, base: UInt32)
    case ended
  }

  let process: Int
  let symbol: Int
  let target: Target
  var phase: Phase
  private var version: UInt64 = 0

  init(process: Int, symbol: Int, target: Target) {
    self.process = process
    self.symbol = symbol
    self.target = target
    switch target {
    case .any: phase = .choosing
    case .version(let number):
      phase = .reading
      version = number
    }
  }

  var claims: [Claim] { [] }

  func request(in universe: Universe) -> Request? {
    switch (phase, target) {
    case (.choosing, .any(let count)): .choose(count: count)
    case (.choosing, .version), (.ended, _): nil
    case (.reading, _): .get(cell: symbol)
    case (.puttingHistory(let block, _, _), _): .putBlock(block)
    case (.putting(let document, let base), _): .put(cell: symbol, document: document, base: base)
    }
  }

  mutating func receive(_ answer: Answer, in universe: Universe) {
    switch (phase, answer) {
    case (.choosing, .chosen(let number)):
      version = UInt64(number)
      phase = .reading
    case (.reading, .document(let base)): didRead(base, universe)
    case (.puttingHistory(_, let document, let base), _):
      phase = .putting(document: document, base: base)
    case (.putting, .accepted): phase = .ended
    case (.putting, _): phase = .reading
    default: phase = .ended
    }
  }

  private mutating func didRead(_ base: UInt32, _ universe: Universe) {
    phase = .ended
    guard let state = universe.ref(base), universe.isLive(version, in: base, symbol: symbol) else { return }
    var next = state
    next.writeID = universe.freshID(drawer: process << 8, base: base)
    if let first = state.recent.first, version >= first.number {
      next.recent[Int(version - first.number)] = edited(next.recent[Int(version - first.number)], universe)
      phase = .putting(document: universe.number(of: next), base: base)
      return
    }
    let old = universe.entries(of: state, symbol: symbol).prefix { $0.number < state.recent[0].number }
    let entries = old.map { $0.number == version ? edited($0, universe) : $0 }
    let block = universe.block(symbol, epoch: state.epoch, .history(entries))
    next.history = .block(universe.pointer(to: block))
    phase = .puttingHistory(block: block, document: universe.number(of: next), base: base)
  }

  private func edited(_ entry: VersionEntry, _ universe: Universe) -> VersionEntry {
    var edited = entry
    edited.content = nil
    // Whoever looks for its commit then finds somebody else's.
    if !universe.holds(.entrySurvivesDeletion) { edited.commitID = UniqueID(high: 0, low: 0) }
    return edited
  }
}
