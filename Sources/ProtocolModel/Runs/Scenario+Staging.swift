import VersionStore

/// Staged pieces: who stages, who commits, who gives up, beside collections.
extension Scenario {
  static let staging = Scenario(
    "stager, commit, writer, pruner, collector", faults: 1, cellCount: 4,
    [
      stager(0, rows: 100, cells: 1...2, handover: 3), writer(1, .commitStaged(handovers: [3])),
      writer(2, .append(rows: 2)), pruner(3, .version(0)), collector(4, roots: 1...2),
    ], beginning: versions([[1]])
  ).with { $0.vanishingCells = [1, 2] }

  static let stagingCollected = Scenario(
    "stager, commit, writer, 2 collectors", faults: 1, cellCount: 4,
    [
      stager(0, rows: 100, cells: 1...2, handover: 3), writer(1, .commitStaged(handovers: [3])),
      writer(2, .replace(rows: 2)), collector(3, roots: 1...2), collector(4, roots: 1...2),
    ], beginning: versions([[1]])
  ).with { $0.vanishingCells = [1, 2] }

  static let tokens = Scenario(
    "2 commits of one token, late descriptor", faults: 2, cellCount: 3,
    [
      stager(0, rows: 100, cells: 1...1, handover: 2), writer(1, .commitStaged(handovers: [2])),
      writer(2, .commitStaged(handovers: [2])),
    ]
  ).with { $0.vanishingCells = [1] }

  static let abandoning = Scenario(
    "stager, commit, somebody who gives up, collector", faults: 2, cellCount: 4,
    [
      stager(0, rows: 100, cells: 1...2, handover: 3), writer(1, .commitStaged(handovers: [3])),
      abandoner(2, handover: 3), collector(3, roots: 1...2), writer(4, .append(rows: 2)),
    ], beginning: versions([[1]])
  ).with { $0.vanishingCells = [1, 2] }

  static let stagedInAll = Scenario(
    "stager that tries twice, commit of all that is staged x 2, collector", faults: 1, cellCount: 4,
    [
      stager(0, rows: 100, cells: 1...2, handover: 3), writer(1, .commitAllStaged(cells: 1...2)),
      writer(2, .commitAllStaged(cells: 1...2)), collector(3, roots: 1...2),
    ], beginning: versions([[1]])
  ).with { $0.vanishingCells = [1, 2] }

  /// The design reads the ref first. Which comes first turns out not to matter, as long as the blocks of
  /// another epoch than that of the state which the commit names are copied; so there is no control for it.
  static let descriptorsFirst = Scenario(
    "descriptors before the ref: stager, 2 commits, somebody who gives up, collector", faults: 1,
    cellCount: 4,
    [
      stager(0, rows: 100, cells: 1...2, handover: 3),
      writer(1, .commitStaged(handovers: [3]), readsExtrasFirst: true),
      writer(2, .commitAllStaged(cells: 1...2), readsExtrasFirst: true), abandoner(3, handover: 3),
      collector(4, roots: 1...2),
    ], beginning: versions([[1]])
  ).with { $0.vanishingCells = [1, 2] }
}
