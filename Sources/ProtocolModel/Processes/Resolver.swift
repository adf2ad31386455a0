import ObjectStore
import SternaBase
import VersionStore

/// Settles a commit in a process that has nothing but the token: the real `CommitResolver`, and around it
/// what `SymbolStore.resolve` does.
struct Resolver: ModelProcess {
  enum Phase: Hashable {
    case awaiting, reading
    case lookingUp(version: UInt64, base: UInt32)
    case putting(document: UInt32, base: UInt32)
    case ended
  }

  let process: Int
  let symbol: Int
  /// Where the token comes from.
  let handover: Int
  var phase = Phase.awaiting
  private var machine: Machine?
  private var token: CommitToken?
  private var drawCount = 0
  private(set) var claims: [Claim] = []

  init(process: Int, symbol: Int, handover: Int) {
    self.process = process
    self.symbol = symbol
    self.handover = handover
  }

  /// Equal when they act alike.
  private struct Machine: Hashable {
    var resolver: CommitResolver

    static func == (left: Self, right: Self) -> Bool {
      left.resolver.fingerprint == right.resolver.fingerprint
    }

    func hash(into hasher: inout Hasher) { hasher.combine(resolver.fingerprint) }
  }

  func request(in universe: Universe) -> Request? {
    switch phase {
    case .awaiting: .await(cell: handover)
    case .reading: .get(cell: symbol)
    case .lookingUp(_, let base):
      universe.ref(base).flatMap { universe.block(of: $0.history, symbol: symbol) }.map { .getBlock($0) }
    case .putting(let document, let base): .put(cell: symbol, document: document, base: base)
    case .ended: nil
    }
  }

  mutating func receive(_ answer: Answer, in universe: Universe) {
    switch (phase, answer) {
    case (.awaiting, .document(let document)):
      guard let token = universe.document(document).token else { return phase = .ended }
      self.token = token
      machine = Machine(resolver: CommitResolver(token, makeWriteID: universe.ids.draw))
      send(.started, on: 0, in: universe)
    case (.reading, .document(let document)):
      send(.didRead(universe.snapshot(document)), on: document, in: universe)
    case (.lookingUp(let version, let base), .found):
      let entry = universe.ref(base).flatMap { universe.entry(version, of: $0, symbol: symbol) }
      send(.didLookUp(entry), on: base, in: universe)
    case (.putting(_, let base), .accepted): send(.didPut, on: base, in: universe)
    case (.putting(_, let base), _): send(.didNotPut, on: base, in: universe)
    // It could not ask: it says nothing, and may be asked again.
    default: phase = .ended
    }
  }

  private mutating func send(_ event: CommitResolver.Event, on base: UInt32, in universe: Universe) {
    guard var current = machine?.resolver, let token else { return }
    universe.ids.seed(drawer: process << 8, base: base, count: drawCount)
    let action = current.handle(event)
    drawCount = universe.ids.count
    machine = Machine(resolver: current)
    switch action {
    case .read: phase = .reading
    case .lookUp(let version, let snapshot):
      phase = .lookingUp(version: version, base: universe.number(of: snapshot))
      if request(in: universe) == nil { send(.didLookUp(nil), on: base, in: universe) }
    case .put(let state, let snapshot):
      guard universe.holds(.resolutionIsFenced) else {
        return end(.failed(operation: token.commitID.high))
      }
      phase = .putting(document: universe.number(of: state), base: universe.number(of: snapshot))
    case .finish(.committed(let entry)):
      end(.committed(operation: token.commitID.high, version: entry.number))
    case .finish(.notCommitted): end(.failed(operation: token.commitID.high))
    case .finish(.unknown): end(.unknown(operation: token.commitID.high))
    }
  }

  private mutating func end(_ claim: Claim) {
    claims.append(claim)
    machine = nil
    phase = .ended
  }
}
