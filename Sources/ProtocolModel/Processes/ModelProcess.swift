/// A process as a value: what it asks for next, and what it becomes with the answer.
///
/// It may stop for ever at any point: the search simply never lets it go on.
protocol ModelProcess: Hashable, Sendable {
  /// Its next request; nil when it has ended.
  func request(in universe: Universe) -> Request?
  mutating func receive(_ answer: Answer, in universe: Universe)
  /// What it has reported so far to whoever called it.
  var claims: [Claim] { get }
}

/// A promise made to a caller, which the store must keep from then on.
enum Claim: Hashable, Sendable {
  /// The operation became this version.
  case committed(operation: UInt64, version: UInt64)
  /// The operation never happened and never will.
  case failed(operation: UInt64)
  case unknown(operation: UInt64)
  /// The snapshot in the cell is safe until somebody deletes it.
  case created(owner: UInt64, cell: Int)
  case readVersion(UInt64, rows: [Int])
  /// A reader found no data for this version.
  case foundPruned(UInt64)
}

enum Process: Hashable, Sendable {
  case writer(Writer)
  case pruner(Pruner)
  case deleter(SymbolDeleter)
  case collector(Collector)
  case snapshotter(Snapshotter)
  case snapshotDeleter(SnapshotDeleter)
  case settler(SnapshotSettler)
  case stager(Stager)
  case reader(Reader)
  case resolver(Resolver)
  case abandoner(Abandoner)

  var process: any ModelProcess {
    switch self {
    case .writer(let process): process
    case .pruner(let process): process
    case .deleter(let process): process
    case .collector(let process): process
    case .snapshotter(let process): process
    case .snapshotDeleter(let process): process
    case .settler(let process): process
    case .stager(let process): process
    case .reader(let process): process
    case .resolver(let process): process
    case .abandoner(let process): process
    }
  }

  func receiving(_ answer: Answer, in universe: Universe) -> Process {
    switch self {
    case .writer(let process): .writer(process.received(answer, universe))
    case .pruner(let process): .pruner(process.received(answer, universe))
    case .deleter(let process): .deleter(process.received(answer, universe))
    case .collector(let process): .collector(process.received(answer, universe))
    case .snapshotter(let process): .snapshotter(process.received(answer, universe))
    case .snapshotDeleter(let process): .snapshotDeleter(process.received(answer, universe))
    case .settler(let process): .settler(process.received(answer, universe))
    case .stager(let process): .stager(process.received(answer, universe))
    case .reader(let process): .reader(process.received(answer, universe))
    case .resolver(let process): .resolver(process.received(answer, universe))
    case .abandoner(let process): .abandoner(process.received(answer, universe))
    }
  }
}

extension ModelProcess {
  fileprivate func received(_ answer: Answer, _ universe: Universe) -> Self {
    var next = self
    next.receive(answer, in: universe)
    return next
  }
}
