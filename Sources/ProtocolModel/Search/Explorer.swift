/// Searches all worlds that a scenario can reach, breadth first, so that a violation comes with a shortest
/// trace.
///
/// One step is one request of one process with one of its possible fates, or the landing of a late request.
package struct Explorer {
  private let universe: Universe
  private let scenario: Scenario
  private let steps: StepTable
  private let invariants: Invariants
  private var visited = VisitedWorlds()

  package init(_ scenario: Scenario, rulesOff: Set<Rule> = []) {
    self.scenario = scenario
    universe = Universe(scenario, rulesOff: rulesOff)
    steps = StepTable(universe)
    invariants = Invariants(universe)
  }

  /// - Parameters:
  ///   - stateLimit: where the search stops although there are more worlds.
  ///   - isOver: asked now and then whether time is up.
  package mutating func run(stateLimit: Int, isOver: () -> Bool = { false }) -> SearchReport {
    let first = firstWorld()
    var report = SearchReport(name: scenario.name)
    var frontier = [
      (world: first, number: visited.insert(.init(first.words), parent: VisitedWorlds.none) ?? 0)
    ]
    while !frontier.isEmpty {
      var next: [(world: World, number: UInt32)] = []
      for (world, number) in frontier {
        var fault: String?
        steps.forEachSuccessor(of: world) { successor, change in
          report.transitionCount += 1
          if let violation = judge(successor, change, after: world) {
            fault = violation
            _ = visited.insert(.init(successor.words), parent: number)
            report.violation = .init(
              message: violation, trace: trace(from: first, to: number) + [describe(change)])
            return false
          }
          if let found = visited.insert(.init(successor.words), parent: number) {
            next.append((successor, found))
          }
          return true
        }
        if fault != nil || visited.count >= stateLimit || (number & 0xFFF == 0 && isOver()) {
          report.isCutOff = fault == nil
          return finished(report)
        }
      }
      report.depth += 1
      frontier = next
    }
    return finished(report)
  }

  private func finished(_ report: SearchReport) -> SearchReport {
    var report = report
    report.stateCount = visited.count
    report.outcomes = steps.outcomes
    return report
  }

  private func firstWorld() -> World {
    let (documents, blocks) = scenario.beginning(universe)
    return World(
      faults: scenario.faults, cells: (0..<scenario.cellCount).map { documents[$0] ?? 0 },
      processes: scenario.processes.map { steps.number(of: $0) }, blocks: blocks)
  }
}

/// What a search found out.
package struct SearchReport: Sendable {
  package struct Violation: Sendable {
    package var message: String
    /// The steps to it, as few as there can be.
    package var trace: [String]
  }

  package let name: String
  package var stateCount = 0
  package var transitionCount = 0
  /// Steps of the longest way that was needed.
  package var depth = 0
  package var isCutOff = false
  package var violation: Violation?
  /// Kinds of promises that were made in some world: a run in which nothing happens proves nothing.
  package var outcomes: Set<String> = []

  init(name: String) { self.name = name }

  package var summary: String {
    "\(name): \(stateCount) states\(isCutOff ? ", cut off" : ""), depth \(depth)"
  }
}

extension SearchReport.Violation: CustomStringConvertible {
  package var description: String { trace.map { "  \($0)\n" }.joined() + "  => \(message)" }
}

// MARK: - Judging

extension Explorer {
  private func judge(_ world: World, _ change: Change, after before: World) -> String? {
    for cell in world.cells {
      let document = world.document(in: cell)
      let isNew = document != before.document(in: cell)
      if isNew, let violation = invariants.judge(before.document(in: cell), document, cell: cell) {
        return violation
      }
      if isNew || change.removesBlock, let violation = invariants.judgeBlocks(of: world, cell: cell) {
        return violation
      }
      for index in world.processes where isNew || change.process == index {
        let process = world.process(index)
        if let violation = invariants.judge(
          process, steps.claims(of: process), against: document, cell: cell)
        {
          return violation
        }
      }
    }
    return nil
  }
}

// MARK: - Traces

extension Explorer {
  /// Walks the way again, looking at each step for the one that leads to the next known world.
  private func trace(from first: World, to number: UInt32) -> [String] {
    var way: [UInt32] = []
    var current = number
    while visited.parents[Int(current)] != VisitedWorlds.none {
      way.append(current)
      current = visited.parents[Int(current)]
    }
    var lines: [String] = []
    var world = first
    for next in way.reversed() {
      let wanted = visited.fingerprint(next)
      let before = world
      steps.forEachSuccessor(of: before) { successor, change in
        let found = Fingerprint128(successor.words)
        guard (found.high, found.low) == wanted else { return true }
        lines.append(describe(change))
        world = successor
        return false
      }
    }
    return lines
  }

  private func describe(_ change: Change) -> String {
    let request = universe.describe(change.request)
    guard let process = change.process else { return "late: \(request) lands" }
    let fate = universe.describe(change.answer) + (change.isLate ? ", still on its way" : "")
    return "\(Universe.letter(process)): \(request) -> \(fate)"
  }

}
