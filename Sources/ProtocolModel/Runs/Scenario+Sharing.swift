/// Snapshots: other objects than the ref that keep blocks alive.
extension Scenario {
  static let snapshots = Scenario(
    "snapshotter, pruner, collector, writer", faults: 1, cellCount: 2,
    [
      snapshotter(0, cell: 1), pruner(1, .version(0)), collector(2, roots: 1...1),
      writer(3, .append(rows: 2)),
    ], beginning: versions([[1]]))

  static let snapshotsUnread = Scenario(
    "snapshotter, pruner, collector whose reads fail", faults: 1, cellCount: 2,
    [snapshotter(0, cell: 1), pruner(1, .version(0)), collector(2, roots: 1...1)],
    beginning: versions([[1]])
  ).with { $0.readsMayFail = true }

  static let snapshotNames = Scenario(
    "2 snapshotters on one name, deleter, settler, pruner", faults: 3, cellCount: 2,
    [
      snapshotter(0, cell: 1), snapshotter(1, cell: 1), snapshotDeleter(2, cell: 1), settler(3, cell: 1),
      pruner(4, .version(1)),
    ], beginning: versions([[1], [2]]))

  static let snapshotOfSymbols = Scenario(
    "snapshot of 2 symbols, pruner, collector, writer", faults: 1, cellCount: 3,
    [
      snapshotter(0, cell: 2, symbols: 0...1), pruner(1, .version(0), symbol: 1),
      collector(2, symbol: 1, roots: 2...2), writer(3, .append(rows: 2), symbol: 1),
      writer(4, .append(rows: 3)),
    ], beginning: versions([[1]], symbols: 0..<2))

  static let snapshotRestored = Scenario(
    "restore from a snapshot that is deleted, collector, writer", faults: 1, cellCount: 2,
    [
      writer(0, .restoreSnapshot(cell: 1)), snapshotDeleter(1, cell: 1), collector(2, roots: 1...1),
      writer(3, .append(rows: 3)),
    ], beginning: snapshotOfPruned(cell: 1))

  /// The runs without a fault to be found.
  package static let all = [
    appenders, optimists, resolvers, proxies, history, recreation, collection, newSymbol, equalContent,
    prunedBlockReused, deletionCollected, restoration, reading, pages, manyCollectors, snapshots,
    snapshotsUnread, snapshotNames,
    snapshotOfSymbols, snapshotRestored, staging, stagingCollected, tokens, abandoning,
    stagedInAll, descriptorsFirst, rewriting, tailAppenders,
    tailEditors, tailCollection,
    tailHistory, tailSnapshots,
  ]
}
