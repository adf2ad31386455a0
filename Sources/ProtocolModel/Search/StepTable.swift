/// One step: which request, whose, and what came of it.
struct Change {
  /// Nil for a request that lands late.
  var process: Int?
  var request: Request
  var answer: Answer
  var isLate = false

  var removesBlock: Bool { if case .deleteBlock = request { true } else { false } }
}

/// The steps that lead out of a world. What a process does next is asked of it once and then looked up, so
/// that a search works on numbers alone.
final class StepTable {
  private let universe: Universe
  private let scenario: Scenario
  private var processes = Interned<Process>()
  private var answers = Interned<Answer>()
  private var lateRequests = Interned<Request>()
  private var requests: [Request?] = []
  private var claims: [[Claim]] = []
  private var transitions: [UInt64: UInt32] = [:]
  /// Kinds of claims that were ever made.
  private(set) var outcomes: Set<String> = []

  init(_ universe: Universe) {
    self.universe = universe
    scenario = universe.scenario
  }

  func number(of process: Process) -> UInt32 {
    let number = processes.number(of: process)
    if Int(number) == requests.count {
      let value = process.process
      requests.append(value.request(in: universe))
      claims.append(value.claims)
      for claim in value.claims { outcomes.insert("\(claim)".prefix { $0 != "(" }.description) }
    }
    return number
  }

  func claims(of process: UInt32) -> [Claim] { claims[Int(process)] }

  private func next(_ process: UInt32, _ answer: Answer) -> UInt32 {
    let key = UInt64(process) << 32 | UInt64(answers.number(of: answer))
    if let known = transitions[key] { return known }
    let next = number(of: processes[process].receiving(answer, in: universe))
    transitions[key] = next
    return next
  }

  /// Calls `body` for each step until it answers false.
  func forEachSuccessor(of world: World, _ body: (World, Change) -> Bool) {
    for index in world.processes {
      guard let request = requests[Int(world.process(index))] else { continue }
      for (effect, answer, fate) in fates(of: request, in: world) {
        var next = effect
        if fate != .regular { next.faults -= 1 }
        if fate == .late { next.addLate(lateRequests.number(of: request)) }
        if fate != .late || !request.isOfBlock {
          next.setProcess(self.next(world.process(index), answer), at: index)
        }
        forgetDeadRequests(in: &next)
        let change = Change(process: index, request: request, answer: answer, isLate: fate == .late)
        guard body(next, change) else { return }
      }
    }
    var last: UInt32?
    for late in world.lateRequests where late != last {
      last = late
      var next = world
      let answer = Self.apply(lateRequests[late], to: &next)
      guard next != world else { continue }
      next.removeLate(late)
      forgetDeadRequests(in: &next)
      guard body(next, Change(process: nil, request: lateRequests[late], answer: answer)) else { return }
    }
  }

  // MARK: Fates

  private enum Fate { case regular, lost, late }

  private func fates(of request: Request, in world: World) -> [(World, Answer, Fate)] {
    var applied = world
    switch request {
    case .choose(let count): return (0..<count).map { (world, .chosen($0), .regular) }
    case .await(let cell):
      let document = world.document(in: cell)
      return document == 0 ? [] : [(world, .document(document), .regular)]
    case .listBlocks(let symbol, let epoch, let after, let countMax):
      let listed = world.blocks.filter {
        let block = universe.block($0)
        return block.symbol == symbol && block.epoch < epoch && (after == nil || $0 > after ?? 0)
      }
      return [(world, .listed(Array(listed.prefix(countMax))), .regular)]
    default: break
    }
    let answer = Self.apply(request, to: &applied)
    var fates = [(applied, answer, Fate.regular)]
    guard world.faults > 0 else { return fates }
    switch request {
    case .put:
      fates.append((applied, .lost, .lost))
      if applied != world { fates.append((world, .lost, .late)) }
      guard scenario.answersMayMislead else { break }
      fates.append((world, .busy, .lost))
      // Delivered twice: the answer to the second arrival is heard, or the second is still on its way.
      if applied != world { fates += [(applied, .refused, .lost), (world, .busy, .late)] }
    case .remove:
      fates.append((world, .lost, .late))
    case .get where scenario.readsMayFail: fates.append((world, .lost, .lost))
    // The upload or deletion is simply sent again: the process stays where it is.
    case .putBlock where scenario.blocksMayBeLate, .deleteBlock where scenario.blocksMayBeLate:
      fates.append((world, .lost, .late))
    default: break
    }
    return fates
  }

  /// The effect of a request on the store.
  private static func apply(_ request: Request, to world: inout World) -> Answer {
    switch request {
    case .get(let cell): return .document(world.document(in: cell))
    case .put(let cell, let document, let base):
      guard world.document(in: cell) == base else { return .refused }
      world.setDocument(document, in: cell)
      return .accepted
    case .remove(let cell):
      world.setDocument(0, in: cell)
      return .accepted
    case .putBlock(let block):
      world.insert(block)
      return .accepted
    case .getBlock(let block): return world.has(block) ? .found : .missing
    case .deleteBlock(let block):
      world.delete(block)
      return .accepted
    case .listCells(let cells):
      return .listed(cells.filter { world.document(in: $0) != 0 }.map { UInt32($0) })
    case .handOver(let cell, let document):
      world.setDocument(document, in: cell)
      return .accepted
    case .listBlocks, .choose, .await: preconditionFailure("a request with no single answer")
    }
  }

  /// A conditional put whose base is gone can never land, for tags do not recur, unless objects vanish.
  private func forgetDeadRequests(in world: inout World) {
    guard !world.lateRequests.isEmpty else { return }
    let cells = world.cells.map { world.document(in: $0) }
    world.removeLate { number in
      guard case .put(let cell, _, let base) = lateRequests[number] else { return false }
      return cells[cell] != base && !scenario.vanishingCells.contains(cell)
    }
  }
}

extension Request {
  fileprivate var isOfBlock: Bool {
    switch self {
    case .putBlock, .deleteBlock: true
    default: false
    }
  }
}
