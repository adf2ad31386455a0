import SternaBase
import VersionStore

/// Makes a snapshot of the latest versions of some symbols, pending -> live, or withdraws it.
struct Snapshotter: ModelProcess {
  enum Phase: Hashable {
    case reading
    case readingRefs(base: UInt32, members: [SnapshotDocument.Member])
    /// Makes a block of a tail, then gives it to the versions in the ref.
    case puttingTail(UInt32, document: UInt32?, ref: UInt32, base: UInt32, [SnapshotDocument.Member])
    case flushing(document: UInt32, ref: UInt32, base: UInt32, [SnapshotDocument.Member])
    case announcing(document: UInt32, base: UInt32)
    case verifying(pending: UInt32, seen: Int)
    case confirming(document: UInt32, pending: UInt32)
    case withdrawing(document: UInt32, pending: UInt32)
    case removing
    case ended
  }

  let process: Int
  let cell: Int
  let symbols: ClosedRange<Int>
  var phase = Phase.reading
  /// Set once its document may be in the store.
  private var announced: UInt32?
  private(set) var claims: [Claim] = []

  init(process: Int, cell: Int, symbols: ClosedRange<Int> = 0...0) {
    self.process = process
    self.cell = cell
    self.symbols = symbols
  }

  private var owner: UniqueID { UniqueID(high: UInt64(2) << 48 | UInt64(process), low: 0) }

  func request(in universe: Universe) -> Request? {
    switch phase {
    case .reading: .get(cell: cell)
    case .readingRefs(_, let members): .get(cell: symbols.lowerBound + members.count)
    case .puttingTail(let block, _, _, _, _): .putBlock(block)
    case .flushing(let document, let ref, _, let members):
      .put(cell: symbols.lowerBound + members.count, document: document, base: ref)
    case .announcing(let document, let base): .put(cell: cell, document: document, base: base)
    case .verifying(_, let seen): .get(cell: symbols.lowerBound + seen)
    case .confirming(let document, let pending), .withdrawing(let document, let pending):
      .put(cell: cell, document: document, base: pending)
    case .removing: .remove(cell: cell)
    case .ended: nil
    }
  }

  mutating func receive(_ answer: Answer, in universe: Universe) {
    switch (phase, answer) {
    case (.reading, .document(let base)): didRead(base, universe)
    case (.readingRefs(let base, let members), .document(let ref)):
      readMember(ref, to: members, on: base, universe)
    case (.puttingTail(_, let document?, let ref, let base, let members), _):
      phase = .flushing(document: document, ref: ref, base: base, members)
    case (.puttingTail(let block, nil, let ref, let base, let members), _):
      addMember(ref, tail: block, to: members, on: base, universe)
    case (.flushing(_, _, let base, let members), _): phase = .readingRefs(base: base, members: members)
    case (.announcing(let document, _), .accepted): didAnnounce(document, universe)
    case (.verifying(let pending, let seen), .document(let ref)): verify(ref, seen, pending, universe)
    case (.confirming, .accepted): succeed()
    case (.withdrawing, .accepted): phase = .ended
    // Lost or refused: the object tells what has become of it.
    case (.announcing, _), (.confirming, _), (.withdrawing, _): phase = .reading
    default: phase = .ended
    }
  }

  private mutating func succeed() {
    claims.append(.created(owner: owner.high, cell: cell))
    phase = .ended
  }

  /// At the beginning, and whenever an answer did not say enough.
  private mutating func didRead(_ base: UInt32, _ universe: Universe) {
    phase = .ended
    guard let snapshot = universe.document(base).snapshot else {
      // Absent: not yet written, or its request is still on its way; the identical one is sent again.
      if let announced { phase = .announcing(document: announced, base: base) } else { begin(on: base) }
      return
    }
    if snapshot.deletedOwners.contains(owner) { return succeed() }
    guard snapshot.owner == owner else {
      guard snapshot.phase == .gone else { return }
      if let announced, universe.holds(.snapshotStatesAreSwapped) {
        // Somebody else's came and went: mine named an older state and can never land.
        guard baseOfAnnounced == base else { return }
        phase = .announcing(document: announced, base: base)
      } else {
        begin(on: base)
      }
      return
    }
    switch snapshot.phase {
    case .live: succeed()
    case .pending: phase = .verifying(pending: base, seen: 0)
    case .gone: break
    }
  }

  private var baseOfAnnounced: UInt32 = 0

  private mutating func begin(on base: UInt32) { phase = .readingRefs(base: base, members: []) }

  /// A version whose tail is in the ref alone is not taken before that is a block.
  private mutating func readMember(
    _ ref: UInt32, to members: [SnapshotDocument.Member], on base: UInt32, _ universe: Universe
  ) {
    let symbol = symbols.lowerBound + members.count
    guard let state = universe.ref(ref), let tail = state.latest?.content?.tail?.tail,
      tail.inlineBytes != nil
    else { return addMember(ref, tail: nil, to: members, on: base, universe) }
    let block = universe.block(
      symbol, epoch: state.epoch, .merged(universe.pieces(of: tail, symbol: symbol)))
    var flushed = state
    flushed.recent.replaceTail(tail, byBlock: universe.pointer(to: block))
    flushed.writeID = universe.freshID(drawer: process << 8 | 2, base: ref)
    let document = universe.holds(.snapshotTailIsFlushed) ? universe.number(of: flushed) : nil
    phase = .puttingTail(block, document: document, ref: ref, base: base, members)
  }

  /// - Parameter tail: a block that the ref does not know of; only where a rule is off.
  private mutating func addMember(
    _ ref: UInt32, tail: UInt32?, to members: [SnapshotDocument.Member], on base: UInt32,
    _ universe: Universe
  ) {
    let symbol = symbols.lowerBound + members.count
    guard let latest = universe.ref(ref)?.latest, var content = latest.content else {
      phase = .ended
      return
    }
    if let tail { content.tail?.tail.segment = .block(universe.pointer(to: tail)) }
    let members = members + [.init(cell: symbol, version: latest.number, content: content)]
    guard members.count == symbols.count else {
      phase = .readingRefs(base: base, members: members)
      return
    }
    let document = SnapshotDocument(
      writeID: universe.freshID(drawer: process << 8, base: base), owner: owner,
      phase: universe.holds(.snapshotIsVerified) ? .pending : .live, members: members,
      deletedOwners: universe.document(base).snapshot?.deletedOwners ?? [])
    let number = universe.number(of: .snapshot(document))
    announced = number
    baseOfAnnounced = base
    phase = .announcing(document: number, base: base)
  }

  private mutating func didAnnounce(_ document: UInt32, _ universe: Universe) {
    if universe.holds(.snapshotIsVerified) {
      if !universe.holds(.successIsLive) { claims.append(.created(owner: owner.high, cell: cell)) }
      phase = .verifying(pending: document, seen: 0)
    } else {
      succeed()
    }
  }

  private mutating func verify(_ ref: UInt32, _ seen: Int, _ pending: UInt32, _ universe: Universe) {
    guard var next = universe.document(pending).snapshot else {
      phase = .ended
      return
    }
    let member = next.members[seen]
    let isLive = universe.isLive(member, in: ref)
    if isLive, seen + 1 < next.members.count {
      phase = .verifying(pending: pending, seen: seen + 1)
      return
    }
    if !isLive, !universe.holds(.snapshotStatesAreSwapped) {
      phase = .removing
      return
    }
    next.phase = isLive ? .live : .gone
    next.writeID = universe.freshID(drawer: process << 8 | 1, base: pending)
    let number = universe.number(of: .snapshot(next))
    phase =
      isLive
      ? .confirming(document: number, pending: pending) : .withdrawing(document: number, pending: pending)
  }
}
