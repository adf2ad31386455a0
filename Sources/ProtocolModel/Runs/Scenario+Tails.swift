import SternaBase
import VersionStore

/// Appends that stay in the ref, and what becomes of them.
extension Scenario {
  static let tailAppenders = Scenario(
    "tail: 2 appenders x 2, delete any version", faults: 1,
    [
      writer(0, .append(rows: 1), .append(rows: 2)), writer(1, .append(rows: 3), .append(rows: 4)),
      pruner(2, .any(count: 3)),
    ]
  ).with { $0.tailCountMax = 2 }

  static let tailEditors = Scenario(
    "tail: append, replace, restore, delete any version", faults: 1,
    [
      writer(0, .append(rows: 3), .append(rows: 4)), writer(1, .replace(rows: 5)),
      writer(2, .restore(version: 0)), pruner(3, .any(count: 2)),
    ], beginning: tailVersions([[1], [1, 2]])
  ).with { $0.tailCountMax = 3 }

  static let tailCollection = Scenario(
    "tail: 2 appenders, pruner, collector", faults: 1,
    [
      writer(0, .append(rows: 3)), writer(1, .append(rows: 4)), pruner(2, .any(count: 2)), collector(3),
    ], beginning: tailVersions([[1], [1, 2]])
  ).with { $0.tailCountMax = 2 }

  static let tailHistory = Scenario(
    "tail: appends that push versions to the history, collector", faults: 1,
    [
      writer(0, .append(rows: 3), .append(rows: 4)), pruner(1, .any(count: 3)), collector(2),
    ], beginning: tailVersions([[1], [1, 2]])
  ).with {
    $0.tailCountMax = 3
    $0.recentCountMax = 2
  }

  static let tailSnapshots = Scenario(
    "tail: snapshotter, appender, pruner, collector", faults: 1, cellCount: 2,
    [
      snapshotter(0, cell: 1), writer(1, .append(rows: 3), .append(rows: 4)), pruner(2, .version(1)),
      collector(3, roots: 1...1),
    ], beginning: tailVersions([[1], [1, 2]])
  ).with { $0.tailCountMax = 3 }

  /// A symbol whose versions all use the first pieces of one tail.
  static func tailVersions(_ rows: [[Int]]) -> Beginning {
    { universe in
      var state = RefState(symbol: "S0", writeID: UniqueID(high: 0, low: 0))
      for (number, pieces) in rows.enumerated() {
        let content = universe.makeContent(nil, tail: universe.makeTail(pieces))
        let entry = VersionEntry(
          number: UInt64(number), commitID: UniqueID(high: UInt64(9) << 48 | UInt64(number), low: 0),
          time: Int64(number), operation: .append, content: content)
        state = state.appending(
          entry, continuing: state.latest?.content?.tail, writeID: UniqueID(high: 0, low: UInt64(number) + 1))
      }
      return ([0: universe.number(of: state)], [])
    }
  }
}
