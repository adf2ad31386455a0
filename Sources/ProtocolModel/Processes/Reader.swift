import VersionStore

/// Reads the latest version, block by block.
struct Reader: ModelProcess {
  enum Phase: Hashable {
    case reading
    case fetching(version: UInt64, [UInt32], rows: [Int])
    case ended
  }

  let symbol: Int
  var phase = Phase.reading
  private(set) var claims: [Claim] = []

  init(symbol: Int) { self.symbol = symbol }

  func request(in universe: Universe) -> Request? {
    switch phase {
    case .reading: .get(cell: symbol)
    case .fetching(_, let blocks, _): blocks.first.map { .getBlock($0) }
    case .ended: nil
    }
  }

  mutating func receive(_ answer: Answer, in universe: Universe) {
    switch (phase, answer) {
    case (.reading, .document(let document)):
      phase = .ended
      guard let latest = universe.ref(document)?.latest, let content = latest.content else { return }
      let rows = universe.rows(of: content, symbol: symbol)
      let blocks = universe.closure(of: content, symbol: symbol)
      phase = .fetching(version: latest.number, blocks, rows: rows)
      if blocks.isEmpty {
        phase = .ended
        claims.append(.readVersion(latest.number, rows: rows))
      }
    case (.fetching(let version, let blocks, let rows), .found):
      let rest = Array(blocks.dropFirst())
      phase = rest.isEmpty ? .ended : .fetching(version: version, rest, rows: rows)
      if rest.isEmpty { claims.append(.readVersion(version, rows: rows)) }
    case (.fetching(let version, _, _), .missing):
      claims.append(.foundPruned(version))
      phase = .ended
    default: phase = .ended
    }
  }
}
