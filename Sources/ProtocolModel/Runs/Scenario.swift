import VersionStore

/// One run: who acts on what, and what may go wrong.
package struct Scenario: Sendable {
  /// What the first world holds beyond empty cells.
  typealias Beginning = @Sendable (_ universe: Universe) -> (cells: [Int: UInt32], blocks: [UInt32])

  package let name: String
  /// Faults in all: lost answers, requests that land late or never.
  let faults: Int
  /// Refs come first, in the order of their symbols.
  let cellCount: Int
  let processes: [Process]
  let beginning: Beginning
  /// Whether uploads and deletions of blocks may be late, too.
  var blocksMayBeLate = false
  var readsMayFail = false
  /// Whether conditional requests may be delivered twice, or answered with 409.
  var answersMayMislead = false
  /// Cells that a request without condition may empty, so that their tags can recur.
  var vanishingCells: Set<Int> = []
  /// How often a symbol can be deleted at most.
  var deletionCount = 0
  /// Versions that the ref keeps; more go to a history block.
  var recentCountMax = 32
  /// Pieces of rows that a tail has at most; 0: there are no tails.
  var tailCountMax = 0
  var limits = CommitMachine.Limits(sendCountMax: 2, fenceCountMax: 2)

  init(
    _ name: String, faults: Int, cellCount: Int = 1, _ processes: [Process],
    beginning: @escaping Beginning = { _ in ([:], []) }
  ) {
    self.name = name
    self.faults = faults
    self.cellCount = cellCount
    self.processes = processes
    self.beginning = beginning
  }

  /// The scenario with some of its settings changed.
  func with(_ change: (inout Scenario) -> Void) -> Scenario {
    var changed = self
    change(&changed)
    return changed
  }

  func operation(_ id: UInt64) -> WriterPlan.Operation? {
    for case .writer(let writer) in processes {
      for index in writer.plan.operations.indices
      where Writer.operationID(process: writer.process, operation: index) == id {
        return writer.plan.operations[index]
      }
    }
    return nil
  }

  func symbol(ofOperation id: UInt64) -> Int? {
    for case .writer(let writer) in processes
    where id & ~0xFF
      == Writer.operationID(
        process: writer.process, operation: 0)
    {
      return writer.symbol
    }
    return nil
  }
}
