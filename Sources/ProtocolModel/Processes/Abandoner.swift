/// Gives a staged piece up: deletes its descriptor and nothing else, for somebody may be committing it.
struct Abandoner: ModelProcess {
  enum Phase: Hashable {
    case takingToken
    case removing(token: UInt32)
    /// Only where a rule is off.
    case deletingBlock(UInt32)
    case ended
  }

  let process: Int
  let handover: Int
  var phase = Phase.takingToken

  init(process: Int, handover: Int) {
    self.process = process
    self.handover = handover
  }

  var claims: [Claim] { [] }

  func request(in universe: Universe) -> Request? {
    switch phase {
    case .takingToken: .await(cell: handover)
    case .removing(let token): universe.document(token).staged.map { .remove(cell: $0.cell) }
    case .deletingBlock(let block): .deleteBlock(block)
    case .ended: nil
    }
  }

  mutating func receive(_ answer: Answer, in universe: Universe) {
    switch (phase, answer) {
    case (.takingToken, .document(let token)): phase = .removing(token: token)
    case (.removing(let token), _):
      phase = .ended
      if !universe.holds(.abandoningKeepsBlocks), let staged = universe.document(token).staged {
        phase = .deletingBlock(staged.block)
      }
    default: phase = .ended
    }
  }
}
