/// A rule that is switched off, and a run in which that must be found out.
///
/// Without these, a search that finds nothing would say nothing: perhaps it cannot see.
package struct Control: Sendable {
  package let rule: Rule
  package let scenario: Scenario

  init(_ rule: Rule, _ scenario: Scenario) {
    self.rule = rule
    self.scenario = scenario
  }

  package static let all = [
    // Writers
    Control(.rebaseUploadsUnderNewEpoch, .newSymbol),
    Control(.rebaseDerivesPointers, .restoration),
    Control(.losersKeepUploads, .equalContent),
    Control(.refusalIsReadBack, .proxies),
    Control(.busyIsNoRefusal, .proxies),
    Control(.unknownIsNotFailure, .proxies),
    Control(.lookUpNamesEntry, .optimists),
    Control(.failureIsFenced, .appenders),
    Control(.fenceHasNewID, .appenders),
    Control(.lostFenceIsSettled, .appenders),
    Control(.attemptsShareCommitID, .appenders),
    Control(.restoreCopies, .snapshotRestored),
    Control(.sharedBlocksAreJudged, .rewriting),
    Control(.resolutionIsFenced, .resolvers),
    Control(.stagedBlocksAreCopied, .staging),
    Control(.tokensAreRecorded, .tokens),
    // Tails
    Control(.tailGrowsBehindNewest, .tailAppenders),
    Control(.longerUsesKeepTheirTail, .tailEditors),
    Control(.flushRewritesVersions, .tailAppenders),
    Control(.flushUploadsUnderEpoch, .tailCollection),
    Control(.tailMovesWithVersion, .tailHistory),
    Control(.snapshotTailIsFlushed, .tailSnapshots),
    // Deletion
    Control(.entrySurvivesDeletion, .optimists),
    Control(.deletionNamesLife, .recreation),
    Control(.tombstoneKeepsNumber, .recreation),
    Control(.tombstoneStays, .tombstoneRemoval),
    // Collection
    Control(.collectorRaisesEpoch, .collection),
    Control(.marksAfterRaising, .collection),
    Control(.thresholdIsRead, .collection),
    Control(.refBeforeSnapshots, .snapshots),
    Control(.refBeforeOrphans, .newSymbol),
    Control(.errorsEndCollection, .snapshotsUnread),
    // Snapshots and staging
    Control(.snapshotIsVerified, .snapshots),
    Control(.successIsLive, .snapshots),
    Control(.snapshotStatesAreSwapped, .snapshotsByName),
    Control(.stagedPiecesAreRoots, .stagingCollected),
    Control(.stagerReadsEpochAgain, .staging),
    Control(.attemptsShareTokenID, .stagedInAll),
    Control(.abandoningKeepsBlocks, .abandoning),
  ]
}

extension Scenario {
  /// What a tidy mind might do: remove the object of a symbol that does not exist any more.
  static let tombstoneRemoval = Scenario(
    "a writer that gives up, somebody who removes tombstones", faults: 3,
    [writer(0, .append(rows: 1)), deleter(1)]
  ).with {
    $0.vanishingCells = [0]
    $0.deletionCount = 1
  }

  /// Snapshots as plain objects, put and deleted without conditions.
  static let snapshotsByName = snapshotNames.with { $0.vanishingCells = [1] }
}
