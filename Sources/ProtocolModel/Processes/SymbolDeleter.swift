import SternaBase
import VersionStore

/// Deletes a whole symbol: leaves a tombstone that ends the life which it names.
struct SymbolDeleter: ModelProcess {
  enum Phase: Hashable {
    case reading
    case putting(document: UInt32, base: UInt32)
    case removing
    case ended
  }

  let process: Int
  let symbol: Int
  var phase = Phase.reading
  /// The life that it was asked to end: the one it saw first.
  private var life: UInt64?

  init(process: Int, symbol: Int) {
    self.process = process
    self.symbol = symbol
  }

  var claims: [Claim] { [] }

  func request(in universe: Universe) -> Request? {
    switch phase {
    case .reading: .get(cell: symbol)
    case .putting(let document, let base): .put(cell: symbol, document: document, base: base)
    case .removing: .remove(cell: symbol)
    case .ended: nil
    }
  }

  mutating func receive(_ answer: Answer, in universe: Universe) {
    switch (phase, answer) {
    case (.reading, .document(let base)): didRead(base, universe)
    case (.putting, .accepted): phase = .ended
    case (.putting, _): phase = .reading
    default: phase = .ended
    }
  }

  private mutating func didRead(_ base: UInt32, _ universe: Universe) {
    phase = .ended
    guard let state = universe.ref(base) else { return }
    if state.isDeleted {
      // There is nothing left to see, so the object can go: or can it?
      if !universe.holds(.tombstoneStays) { phase = .removing }
      return
    }
    if let life, life != state.life, universe.holds(.deletionNamesLife) { return }
    life = state.life
    var next = state
    next.writeID = universe.freshID(drawer: process << 8, base: base)
    next.isDeleted = true
    next.life += 1
    for index in next.recent.indices { next.recent[index].content = nil }
    if !universe.holds(.tombstoneKeepsNumber) {
      next.recent = []
      next.nextVersion = 0
    }
    phase = .putting(document: universe.number(of: next), base: base)
  }
}
