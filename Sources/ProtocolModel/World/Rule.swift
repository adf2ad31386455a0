/// The rules of the commit protocol that can be switched off, each to show what it is there for.
package enum Rule: String, CaseIterable, Sendable {
  // Writers
  /// A rebase onto another epoch uploads the writer's blocks again, under that one.
  case rebaseUploadsUnderNewEpoch
  /// A rebase derives every pointer from the new state.
  case rebaseDerivesPointers
  /// Writers never delete what they uploaded.
  case losersKeepUploads
  /// A 412 is settled by reading: it may be the echo of the request's own success.
  case refusalIsReadBack
  /// A 409 proves nothing either: the other request in flight may have been a copy of this one.
  case busyIsNoRefusal
  /// What cannot be settled is unknown, not failed.
  case unknownIsNotFailure
  /// The fate of an attempt is read off entry n, not off the newest version.
  case lookUpNamesEntry
  /// Failure is reported only once a fence has moved the tag.
  case failureIsFenced
  /// A fence has a new write id.
  case fenceHasNewID
  /// A fence whose answer is lost is settled like any other request.
  case lostFenceIsSettled
  /// The commit id stays the same over all attempts.
  case attemptsShareCommitID
  /// A restore from a snapshot copies blocks that the ref no longer reaches.
  case restoreCopies
  /// A rebase keeps what it shares with a version only while that is live, and copies it otherwise.
  case sharedBlocksAreJudged
  /// Whoever settles a token fences off a commit that did not happen.
  case resolutionIsFenced
  /// A staged piece of another epoch is copied when it is committed.
  case stagedBlocksAreCopied
  /// The ids of consumed pieces are kept in the version, and a known one is refused.
  case tokensAreRecorded

  // Tails
  /// A tail grows behind the rows that the newest version uses, whatever else is in it.
  case tailGrowsBehindNewest
  /// Only versions within the rows that a tail grew behind are given the new one.
  case longerUsesKeepTheirTail
  /// A flush gives the block to every version that uses the tail.
  case flushRewritesVersions
  /// A flush uploads under the epoch of the state that it is derived from.
  case flushUploadsUnderEpoch
  /// A version that moves to the history takes its tail along as a block.
  case tailMovesWithVersion
  /// A snapshot's large tail is flushed in the ref, not uploaded beside it.
  case snapshotTailIsFlushed

  // Deletion
  /// Number and commit id survive the deletion of their version.
  case entrySurvivesDeletion
  /// A deletion of a symbol names the life that it ends.
  case deletionNamesLife
  /// A tombstone keeps the next version number, the epoch and the entries.
  case tombstoneKeepsNumber
  /// A tombstone is never deleted.
  case tombstoneStays

  // Collection
  /// A collection raises the epoch.
  case collectorRaisesEpoch
  /// The state that is marked is read after the epoch was raised.
  case marksAfterRaising
  /// The threshold is the epoch that was read, not the one that was asked for.
  case thresholdIsRead
  /// Snapshots are listed after the ref was read.
  case refBeforeSnapshots
  /// A symbol without a ref gets a tombstone before its orphans are deleted.
  case refBeforeOrphans
  /// A root that cannot be read ends a collection.
  case errorsEndCollection

  // Snapshots and staging
  /// A snapshot is confirmed only after its versions were seen live behind the first write.
  case snapshotIsVerified
  /// A snapshot is reported made only once it is live.
  case successIsLive
  /// The states of a snapshot change by compare-and-swap, and its key is never deleted.
  case snapshotStatesAreSwapped
  /// A collection keeps what staged pieces hold.
  case stagedPiecesAreRoots
  /// A stager returns its token only if the epoch is still the one that it uploaded under.
  case stagerReadsEpochAgain
  /// All attempts of a call that stages have one token id.
  case attemptsShareTokenID
  /// Whoever gives a staged piece up deletes its descriptor only.
  case abandoningKeepsBlocks
}
