import ObjectStore
import SternaBase
import VersionStore

/// What a writer does, one operation after the other.
struct WriterPlan: Hashable, Sendable {
  enum Operation: Hashable {
    case append(rows: Int)
    case replace(rows: Int)
    /// Replaces all rows, and shares the first segment of the version that it was begun on.
    case rewrite(rows: Int)
    /// Makes an older version the newest again.
    case restore(version: UInt64)
    case restoreSnapshot(cell: Int)
    /// Appends the pieces whose tokens come through these cells.
    case commitStaged(handovers: [Int])
    /// Appends whatever is described in these cells.
    case commitAllStaged(cells: ClosedRange<Int>)
  }

  var symbol: Int
  var operations: [Operation]
  /// Keeps the state that it committed, and begins the next operation with it.
  var isOptimistic = true
  /// Whether descriptors are read before the ref.
  var readsExtrasFirst = false
  /// Where the token of an unknown outcome is handed over to processes that know nothing else.
  var tokenCell: Int?
}

/// A writer: the real `CommitMachine`, and around it what `SymbolStore` and the builders do.
///
///     base  ─►  extras  ─►  upload  ─►  machine  ◄─►  build (one request per block), put, read, look up
///     (read or          (under the          │
///      remembered)       base's epoch)      └─►  next operation, or the token to a resolver
struct Writer: Hashable, Sendable {
  enum Phase: Hashable {
    /// Waits for the tokens that its caller gives it.
    case takingTokens
    case starting
    /// Reads the snapshot or the descriptors that the operation names.
    case readingExtras(base: UInt32)
    case uploading(base: UInt32)
    case reading
    case building(base: UInt32, isRebase: Bool, step: Int)
    case lookingUp(version: UInt64, base: UInt32)
    case putting(document: UInt32, base: UInt32)
    case handingOver(token: UInt32)
    case deletingUploads
    case removingExtras(count: Int)
    case ended
  }

  let process: Int
  let plan: WriterPlan
  var phase = Phase.starting
  var operationIndex = 0
  var machine: HashableMachine?
  /// The state that it committed last.
  var memory: UInt32?
  var tokens: [UInt32] = []
  var extras: [UInt32] = []
  var uploadEpoch: UInt64 = 0
  /// The state that it began with, whose blocks a rewrite shares.
  var firstBase: UInt32?
  /// What the first attempt came to; used only where a rule is off.
  var firstContent: VersionContent?
  /// What was put last.
  var attempt: Attempt?
  var drawCount = 0
  /// Counts commit ids; above 0 only where a rule is off.
  var series = 0
  var claims: [Claim] = []

  struct Attempt: Hashable {
    var document: UInt32
    var base: UInt32
    var isFence = false
  }

  init(process: Int, plan: WriterPlan) {
    self.process = process
    self.plan = plan
    phase = Self.firstPhase(of: plan, operationIndex: 0)
  }

  private static func firstPhase(of plan: WriterPlan, operationIndex: Int) -> Phase {
    switch plan.operations[operationIndex] {
    case .commitStaged: .takingTokens
    case .commitAllStaged where plan.readsExtrasFirst: .readingExtras(base: 0)
    default: .starting
    }
  }

  /// Equal when they act alike.
  struct HashableMachine: Hashable {
    var machine: CommitMachine

    static func == (left: Self, right: Self) -> Bool {
      left.machine.fingerprint == right.machine.fingerprint
    }

    /// The writer's phase tells machines apart well enough.
    func hash(into hasher: inout Hasher) {}
  }

  var symbol: Int { plan.symbol }
  var operation: WriterPlan.Operation { plan.operations[operationIndex] }
  var drawer: Int { process << 8 | operationIndex }
  /// Names the operation, over all its commit ids.
  var operationID: UInt64 { Self.operationID(process: process, operation: operationIndex) }
  var commitID: UniqueID { UniqueID(high: operationID, low: UInt64(series)) }

  static func operationID(process: Int, operation: Int) -> UInt64 {
    UInt64(1) << 48 | UInt64(process) << 8 | UInt64(operation)
  }
}

// MARK: - Requests

extension Writer: ModelProcess {
  func request(in universe: Universe) -> Request? {
    switch phase {
    case .starting, .reading: .get(cell: symbol)
    case .takingTokens: .await(cell: handovers[tokens.count])
    case .readingExtras: .get(cell: extraCells(in: universe)[extras.count])
    case .uploading(let base):
      .putBlock(uploadedSegment(under: universe.snapshot(base).epoch, in: universe))
    case .building(let base, let isRebase, let step):
      build(on: base, isRebase: isRebase, in: universe).requests[step]
    case .lookingUp(_, let base):
      universe.ref(base).flatMap { universe.block(of: $0.history, symbol: symbol) }.map { .getBlock($0) }
    case .putting(let document, let base): .put(cell: symbol, document: document, base: base)
    case .handingOver(let token): plan.tokenCell.map { .handOver(cell: $0, document: token) }
    case .deletingUploads: .deleteBlock(uploadedSegment(under: uploadEpoch, in: universe))
    case .removingExtras(let count): .remove(cell: takenCells(in: universe)[count])
    case .ended: nil
    }
  }

  private var handovers: [Int] {
    if case .commitStaged(let cells) = operation { cells } else { [] }
  }

  /// Read after the ref: a piece that is still described then is a root of every later collection.
  func extraCells(in universe: Universe) -> [Int] {
    switch operation {
    case .restoreSnapshot(let cell): [cell]
    case .commitStaged: tokens.compactMap { universe.document($0).staged?.cell }
    case .commitAllStaged(let cells): Array(cells)
    case .append, .replace, .rewrite, .restore: []
    }
  }

  /// Where the pieces lie that the operation took in.
  private func takenCells(in universe: Universe) -> [Int] {
    extras.compactMap { universe.document($0).staged?.cell }
  }

  func uploadedSegment(under epoch: UInt64, in universe: Universe) -> UInt32 {
    switch operation {
    case .append(let rows), .replace(let rows), .rewrite(let rows):
      universe.block(symbol, epoch: epoch, .segment(rows))
    default: preconditionFailure("an operation without rows of its own")
    }
  }
}

// MARK: - Answers

extension Writer {
  mutating func receive(_ answer: Answer, in universe: Universe) {
    switch (phase, answer) {
    case (.takingTokens, .document(let token)):
      tokens.append(token)
      if tokens.count == handovers.count {
        phase = plan.readsExtrasFirst ? .readingExtras(base: 0) : .starting
      }
    case (.takingTokens, _): preconditionFailure("a token that is no document")
    case (.starting, .document(let base)): didLearnBase(base, in: universe)
    case (.starting, _): beginNextOperation(in: universe)
    case (.readingExtras(let base), .document(let document)):
      extras.append(document)
      let isLast = extras.count == extraCells(in: universe).count
      if plan.readsExtrasFirst, isLast { phase = .starting } else { didLearnBase(base, in: universe) }
    case (.readingExtras, _): beginNextOperation(in: universe)
    case (.uploading(let base), _):
      uploadEpoch = universe.snapshot(base).epoch
      startMachine(on: base, in: universe)
    case (.reading, .document(let document)): send(.didRead(seen(document, in: universe)), in: universe)
    case (.reading, _): send(.didNotRead(.modelLostAnswer), in: universe)
    case (.building(let base, let isRebase, let step), _):
      didBuildStep(step, answer, on: base, isRebase: isRebase, in: universe)
    case (.lookingUp(let version, let base), .found):
      let entry = universe.ref(base).flatMap { universe.entry(version, of: $0, symbol: symbol) }
      send(.didLookUp(entry), in: universe)
    case (.lookingUp, _): send(.didNotRead(.modelLostAnswer), in: universe)
    case (.putting(let document, _), .accepted): send(.didPut(ETag("\(document)")), in: universe)
    case (.putting, .refused) where !universe.holds(.refusalIsReadBack):
      end(.failed(operation: operationID), in: universe)
    case (.putting, .refused):
      send(.didNotPut(SternaError(.preconditionFailed, "412")), in: universe)
    case (.putting, .busy) where !universe.holds(.busyIsNoRefusal):
      end(.failed(operation: operationID), in: universe)
    case (.putting, .busy):
      send(.didNotPut(SternaError(.conditionalRequestConflict, "409")), in: universe)
    case (.putting, _) where attempt?.isFence == true && !universe.holds(.lostFenceIsSettled):
      end(.failed(operation: operationID), in: universe)
    case (.putting, _): send(.didNotPut(.modelLostAnswer), in: universe)
    case (.handingOver, _): end(.unknown(operation: operationID), in: universe)
    case (.deletingUploads, _): beginNextOperation(in: universe)
    case (.removingExtras(let count), _):
      phase = .removingExtras(count: count + 1)
      if count + 1 == takenCells(in: universe).count { beginNextOperation(in: universe) }
    case (.ended, _): preconditionFailure("an answer to a writer that has ended")
    }
  }

  private mutating func didLearnBase(_ base: UInt32, in universe: Universe) {
    if extras.count < extraCells(in: universe).count {
      phase = .readingExtras(base: base)
    } else if uploadsFirst(in: universe) {
      phase = .uploading(base: base)
    } else {
      startMachine(on: base, in: universe)
    }
  }

  /// Whether rows go up before the commit begins; few rows wait until it is known what they come behind.
  private func uploadsFirst(in universe: Universe) -> Bool {
    switch operation {
    case .append, .replace: universe.scenario.tailCountMax == 0
    case .rewrite: true
    case .restore, .restoreSnapshot, .commitStaged, .commitAllStaged: false
    }
  }

  mutating func startMachine(on base: UInt32, in universe: Universe) {
    firstBase = firstBase ?? base
    machine = HashableMachine(
      machine: CommitMachine(
        symbol: "S\(symbol)", commitID: commitID, limits: universe.scenario.limits,
        makeWriteID: universe.ids.draw))
    send(.started(remembered: universe.snapshot(base)), in: universe)
  }

  mutating func beginNextOperation(in universe: Universe) {
    machine = nil
    attempt = nil
    extras = []
    tokens = []
    firstBase = nil
    firstContent = nil
    drawCount = 0
    series = 0
    phase = .ended
    guard operationIndex + 1 < plan.operations.count else { return }
    operationIndex += 1
    phase = Self.firstPhase(of: plan, operationIndex: operationIndex)
    guard phase == .starting else { return }
    if let memory, plan.isOptimistic { didLearnBase(memory, in: universe) }
  }
}

extension SternaError {
  /// What is left of a request whose answer never came.
  static let modelLostAnswer = SternaError(.unavailable, "no answer", mayHaveBeenApplied: true)
}
