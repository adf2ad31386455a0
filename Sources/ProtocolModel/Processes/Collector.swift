import SternaBase
import VersionStore

/// A garbage collection of one symbol, in the steps of the design. The real collector, once its decisions
/// are a pure machine like the commit's, takes the place of this one: its requests are the same.
///
///     read ref ─► raise epoch (absent: tombstone) ─► read ref: T, roots ─► list snapshots ─► read each
///              ─► list blocks below T ─► delete the unmarked, one by one
///
/// Nodes are not read one by one: they never change, so a failed read only ends the collection.
struct Collector: ModelProcess {
  enum Phase: Hashable {
    case reading
    case raising(document: UInt32, base: UInt32)
    case marking
    case listingRoots
    case readingRoots([UInt32])
    case listingBlocks(found: [UInt32])
    case deleting([UInt32])
    case ended
  }

  let process: Int
  let symbol: Int
  /// Snapshots and staged descriptors.
  let rootCells: ClosedRange<Int>?
  /// Blocks that one LIST answers at most.
  let pageSize: Int
  var phase = Phase.reading
  private var roundsLeft: Int
  private var threshold: UInt64 = 0
  private var marked: [UInt32] = []

  init(
    process: Int, symbol: Int, rootCells: ClosedRange<Int>? = nil, rounds: Int = 1, pageSize: Int = 1_000
  ) {
    self.process = process
    self.pageSize = pageSize
    self.symbol = symbol
    self.rootCells = rootCells
    self.roundsLeft = rounds
  }

  var claims: [Claim] { [] }

  func request(in universe: Universe) -> Request? {
    switch phase {
    case .reading, .marking: .get(cell: symbol)
    case .raising(let document, let base): .put(cell: symbol, document: document, base: base)
    case .listingRoots: rootCells.map { .listCells($0) }
    case .readingRoots(let cells): cells.first.map { .get(cell: Int($0)) }
    case .listingBlocks(let found):
      .listBlocks(symbol: symbol, belowEpoch: threshold, after: found.last, countMax: pageSize)
    case .deleting(let blocks): blocks.first.map { .deleteBlock($0) }
    case .ended: nil
    }
  }

  mutating func receive(_ answer: Answer, in universe: Universe) {
    switch (phase, answer) {
    case (.reading, .document(let base)): raise(base, universe)
    case (.raising, _): phase = afterRaising(universe)
    case (.marking, .document(let document)): mark(document, universe)
    case (.listingRoots, .listed(let cells)): phase = .readingRoots(cells)
    case (.readingRoots(let cells), .document(let document)):
      let isIgnored =
        universe.document(document).staged != nil && !universe.holds(.stagedPiecesAreRoots)
      if !isIgnored {
        marked = Set(marked).union(universe.roots(of: document, cell: Int(cells[0]))).sorted()
      }
      phase = .readingRoots(Array(cells.dropFirst()))
    case (.readingRoots(let cells), .lost) where !universe.holds(.errorsEndCollection):
      phase = .readingRoots(Array(cells.dropFirst()))
    case (.listingBlocks(let found), .listed(let page)):
      let found = found + page
      phase =
        page.count < pageSize
        ? .deleting(found.filter { !marked.contains($0) }) : .listingBlocks(found: found)
    case (.deleting(let blocks), _): phase = .deleting(Array(blocks.dropFirst()))
    default:
      // Any error ends it: nothing is guessed.
      phase = .ended
    }
    skipEmptySteps(universe)
  }

  private mutating func raise(_ base: UInt32, _ universe: Universe) {
    let id = universe.freshID(drawer: process << 8, base: base)
    if base == 0, !universe.holds(.refBeforeOrphans) {
      threshold = UInt64.max
      phase = .listingRoots
      return
    }
    var next = universe.ref(base) ?? RefState(symbol: "S\(symbol)", writeID: id, isDeleted: true)
    next.writeID = id
    if universe.holds(.collectorRaisesEpoch) { next.epoch += 1 }
    threshold = next.epoch
    if !universe.holds(.marksAfterRaising) {
      marked = universe.roots(of: base, cell: symbol)
    }
    phase = .raising(document: universe.number(of: next), base: base)
  }

  private func afterRaising(_ universe: Universe) -> Phase {
    if !universe.holds(.marksAfterRaising) { return .listingRoots }
    return universe.holds(.refBeforeSnapshots) ? .marking : .listingRoots
  }

  private mutating func mark(_ document: UInt32, _ universe: Universe) {
    guard let state = universe.ref(document) else {
      phase = .ended
      return
    }
    // Without epochs, everything that is not marked seems to be garbage.
    if universe.holds(.thresholdIsRead) { threshold = state.epoch }
    if !universe.holds(.collectorRaisesEpoch) { threshold = UInt64.max }
    marked = Set(marked).union(universe.roots(of: document, cell: symbol)).sorted()
    phase = universe.holds(.refBeforeSnapshots) ? .listingRoots : .listingBlocks(found: [])
  }

  private mutating func skipEmptySteps(_ universe: Universe) {
    if phase == .listingRoots, rootCells == nil { phase = .readingRoots([]) }
    if phase == .readingRoots([]) {
      phase = universe.holds(.refBeforeSnapshots) ? .listingBlocks(found: []) : .marking
    }
    guard phase == .deleting([]) else { return }
    roundsLeft -= 1
    marked = []
    phase = roundsLeft > 0 ? .reading : .ended
  }
}
