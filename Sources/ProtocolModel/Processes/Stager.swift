import SternaBase
import VersionStore

/// Uploads a piece for somebody else to commit, and hands over a token once the piece is safe.
struct Stager: ModelProcess {
  enum Phase: Hashable {
    case reading
    case uploading(epoch: UInt64)
    case describing(epoch: UInt64)
    case checking(epoch: UInt64)
    case handingOver(UInt32)
    case ended
  }

  let process: Int
  let symbol: Int
  let rows: Int
  /// Where its descriptors go, one attempt after the other.
  let cells: ClosedRange<Int>
  /// Not an object: how the token gets to whoever commits it.
  let handover: Int
  var phase = Phase.reading
  private var attempt = 0

  init(process: Int, symbol: Int, rows: Int, cells: ClosedRange<Int>, handover: Int) {
    self.process = process
    self.symbol = symbol
    self.rows = rows
    self.cells = cells
    self.handover = handover
  }

  var claims: [Claim] { [] }

  func request(in universe: Universe) -> Request? {
    switch phase {
    case .reading, .checking: .get(cell: symbol)
    case .uploading(let epoch): .putBlock(universe.block(symbol, epoch: epoch, .segment(rows)))
    case .describing(let epoch):
      .put(cell: cells.lowerBound + attempt, document: descriptor(epoch, universe), base: 0)
    case .handingOver(let document): .handOver(cell: handover, document: document)
    case .ended: nil
    }
  }

  private func descriptor(_ epoch: UInt64, _ universe: Universe) -> UInt32 {
    universe.number(
      of: .staged(
        StagedDocument(
          token: UniqueID(
            high: UInt64(3) << 48 | UInt64(process),
            low: universe.holds(.attemptsShareTokenID) ? 0 : UInt64(attempt)),
          cell: cells.lowerBound + attempt, epoch: epoch,
          block: universe.block(symbol, epoch: epoch, .segment(rows)))))
  }

  mutating func receive(_ answer: Answer, in universe: Universe) {
    switch (phase, answer) {
    case (.reading, .document(let ref)): phase = .uploading(epoch: universe.snapshot(ref).epoch)
    case (.uploading(let epoch), _): phase = .describing(epoch: epoch)
    // Create-only under a name of its own: 412 is the echo of the first try.
    case (.describing(let epoch), .accepted), (.describing(let epoch), .refused):
      phase = .checking(epoch: epoch)
    case (.describing, _): break
    case (.checking(let epoch), .document(let ref)): check(epoch, ref, universe)
    default: phase = .ended
    }
  }

  private mutating func check(_ epoch: UInt64, _ ref: UInt32, _ universe: Universe) {
    if universe.snapshot(ref).epoch == epoch || !universe.holds(.stagerReadsEpochAgain) {
      phase = .handingOver(descriptor(epoch, universe))
      return
    }
    attempt += 1
    phase = attempt < cells.count ? .reading : .ended
  }
}
