import VersionStore

/// The collector beside everybody else.
extension Scenario {
  static let collection = Scenario(
    "2 appenders, pruner, collector", faults: 2,
    [writer(0, .append(rows: 2)), writer(1, .append(rows: 3)), pruner(2, .version(0)), collector(3)],
    beginning: versions([[1]]))

  static let newSymbol = Scenario(
    "new symbol: 2 writers, collector x 2, late blocks", faults: 2,
    [writer(0, .append(rows: 1)), writer(1, .append(rows: 2)), collector(2, rounds: 2)]
  ).with { $0.blocksMayBeLate = true }

  static let equalContent = Scenario(
    "2 writers of equal content and old garbage of it, pruner, collector", faults: 1,
    [writer(0, .replace(rows: 2)), writer(1, .replace(rows: 2)), pruner(2, .any(count: 2)), collector(3)],
    beginning: garbage([2], beside: versions([[1]]))
  ).with { $0.limits.sendCountMax = 1 }

  static let prunedBlockReused = Scenario(
    "a pruned block is written again, 2 collectors", faults: 1,
    [writer(0, .replace(rows: 1)), pruner(1, .version(0)), collector(2), collector(3)],
    beginning: versions([[1]]))

  static let deletionCollected = Scenario(
    "delete symbol, re-create, collector, late blocks", faults: 2,
    [deleter(0), writer(1, .append(rows: 1)), collector(2)], beginning: versions([[1]])
  ).with {
    $0.deletionCount = 1
    $0.blocksMayBeLate = true
  }

  static let restoration = Scenario(
    "restore while pruned, collector", faults: 2,
    [writer(0, .restore(version: 0)), pruner(1, .version(0)), collector(2), writer(3, .append(rows: 3))],
    beginning: versions([[1], [2]]))

  static let rewriting = Scenario(
    "rewrite that shares a segment, writer, pruner, collector", faults: 1,
    [
      writer(0, .rewrite(rows: 2)), writer(1, .replace(rows: 3)), pruner(2, .version(0)), collector(3),
    ], beginning: versions([[1]]))

  static let reading = Scenario(
    "reader, writer, pruner, collector", faults: 1,
    [reader, writer(1, .replace(rows: 2)), pruner(2, .version(0)), collector(3)],
    beginning: versions([[1]]))

  static let pages = Scenario(
    "collector that lists page by page, writer, pruner", faults: 1,
    [writer(0, .append(rows: 2)), pruner(1, .any(count: 2)), collector(2, pageSize: 1), collector(3)],
    beginning: garbage([2, 3], beside: versions([[1]])))

  static let manyCollectors = Scenario(
    "2 writers, 2 collectors, pruner", faults: 0,
    [
      writer(0, .append(rows: 2)), writer(1, .replace(rows: 2)), collector(2), collector(3),
      pruner(4, .any(count: 2)),
    ], beginning: versions([[1]]))
}
