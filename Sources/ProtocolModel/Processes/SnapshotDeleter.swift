import SternaBase

/// Deletes whatever snapshot lives under a name: live -> gone.
struct SnapshotDeleter: ModelProcess {
  enum Phase: Hashable {
    case reading
    case putting(document: UInt32, base: UInt32)
    case ended
  }

  let process: Int
  let cell: Int
  var phase = Phase.reading
  private var owner: UniqueID?

  init(process: Int, cell: Int) {
    self.process = process
    self.cell = cell
  }

  var claims: [Claim] { [] }

  func request(in universe: Universe) -> Request? {
    switch phase {
    case .reading: .get(cell: cell)
    case .putting(let document, let base): .put(cell: cell, document: document, base: base)
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
    guard var next = universe.document(base).snapshot, next.phase == .live,
      owner ?? next.owner == next.owner
    else { return }
    owner = next.owner
    next.phase = .gone
    next.deletedOwners.append(next.owner)
    next.writeID = universe.freshID(drawer: process << 8, base: base)
    phase = .putting(document: universe.number(of: .snapshot(next)), base: base)
  }
}

/// Anybody who meets a pending snapshot whose version is gone may withdraw it: its maker may have died.
struct SnapshotSettler: ModelProcess {
  enum Phase: Hashable {
    case reading
    case readingRefs(base: UInt32, seen: Int)
    case withdrawing(document: UInt32, base: UInt32)
    case removing
    case ended
  }

  let process: Int
  let cell: Int
  var phase = Phase.reading

  init(process: Int, cell: Int) {
    self.process = process
    self.cell = cell
  }

  var claims: [Claim] { [] }

  func request(in universe: Universe) -> Request? {
    switch phase {
    case .reading: .get(cell: cell)
    case .readingRefs(let base, let seen):
      universe.document(base).snapshot.map { .get(cell: $0.members[seen].cell) }
    case .withdrawing(let document, let base): .put(cell: cell, document: document, base: base)
    case .removing: .remove(cell: cell)
    case .ended: nil
    }
  }

  mutating func receive(_ answer: Answer, in universe: Universe) {
    switch (phase, answer) {
    case (.reading, .document(let base)):
      let isPending = universe.document(base).snapshot?.phase == .pending
      phase = isPending ? .readingRefs(base: base, seen: 0) : .ended
    case (.readingRefs(let base, let seen), .document(let ref)): didReadRef(ref, seen, base, universe)
    default: phase = .ended
    }
  }

  private mutating func didReadRef(_ ref: UInt32, _ seen: Int, _ base: UInt32, _ universe: Universe) {
    phase = .ended
    guard var next = universe.document(base).snapshot else { return }
    let member = next.members[seen]
    if universe.isLive(member, in: ref) {
      if seen + 1 < next.members.count { phase = .readingRefs(base: base, seen: seen + 1) }
      return
    }
    guard universe.holds(.snapshotStatesAreSwapped) else {
      phase = .removing
      return
    }
    next.phase = .gone
    next.writeID = universe.freshID(drawer: process << 8, base: base)
    phase = .withdrawing(document: universe.number(of: .snapshot(next)), base: base)
  }
}
