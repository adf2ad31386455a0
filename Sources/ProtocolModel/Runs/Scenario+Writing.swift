import VersionStore

/// Writers among themselves, and those who delete what they wrote.
extension Scenario {
  static let appenders = Scenario(
    "3 appenders", faults: 3,
    [writer(0, .append(rows: 1)), writer(1, .append(rows: 2)), writer(2, .append(rows: 3))])

  static let optimists = Scenario(
    "2 optimistic appenders x 2, delete any version", faults: 2,
    [
      writer(0, .append(rows: 1), .append(rows: 2)), writer(1, .append(rows: 3), .append(rows: 4)),
      pruner(2, .any(count: 3)),
    ])

  static let resolvers = Scenario(
    "2 appenders whose answers stay out, a token settled by 2 processes", faults: 4, cellCount: 2,
    [
      writer(0, .append(rows: 1), tokenCell: 1), writer(1, .append(rows: 2)), resolver(2, handover: 1),
      resolver(3, handover: 1), pruner(4, .any(count: 2)),
    ]
  ).with { $0.readsMayFail = true }

  static let proxies = Scenario(
    "2 appenders behind a proxy: 409, requests delivered twice, reads that fail", faults: 5,
    [writer(0, .append(rows: 1)), writer(1, .append(rows: 2))]
  ).with {
    $0.answersMayMislead = true
    $0.readsMayFail = true
    $0.limits.sendCountMax = 1
  }

  static let history = Scenario(
    "history blocks: 2 appenders x 2, delete any version, collector", faults: 1,
    [
      writer(0, .append(rows: 3), .append(rows: 4)), writer(1, .append(rows: 5)),
      pruner(2, .any(count: 3)), collector(3),
    ], beginning: versions([[1], [1, 2]])
  ).with { $0.recentCountMax = 2 }

  static let recreation = Scenario(
    "delete symbol, 2 writers re-create it", faults: 2,
    [deleter(0), writer(1, .append(rows: 2)), writer(2, .append(rows: 3))], beginning: versions([[1]])
  ).with { $0.deletionCount = 1 }
}
