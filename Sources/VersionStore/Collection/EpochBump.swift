import ObjectStore
import SternaBase

/// The first steps of a collection: raises a symbol's epoch, then reads the ref that the collection goes
/// by.
///
/// The bump is a commit that changes nothing but the epoch (and draws a new write id, as every write of a
/// ref does). Its outcome does not matter: the threshold is the epoch in the answer to the GET behind it.
/// A writer that has uploaded under a lower epoch than that, and is not in that answer, conditioned its
/// commit on a tag that is gone; when it rebases it sees the new epoch and uploads again.
struct EpochBump: Sendable {
  let refs: RefStore
  let environment: Environment

  /// How often a bump that another commit overtook is tried again. Without a bump the collection is still
  /// safe, it only finds less.
  private static let attemptCountMax = 5

  /// - Throws: when the ref cannot be read, or not be written for another reason than a commit in between.
  func raise(_ symbol: ObjectName) async throws -> RefState {
    var seen = try await refs.read(symbol)
    let epochAtStart = seen.epoch
    for _ in 0..<Self.attemptCountMax where seen.epoch == epochAtStart {
      do {
        let bumped = Self.bumped(seen.state, symbol: symbol, writeID: environment.makeUniqueID())
        _ = try await refs.write(bumped.encode(), of: symbol, replacing: seen)
      } catch let error as SternaError where Self.isOvertakenOrUnknown(error) {
        // Whatever became of it, the GET below tells.
      }
      try Task.checkCancellation()
      seen = try await refs.read(symbol)
    }
    guard let state = seen.state else {
      throw SternaError(.conflict, "the ref vanished while its symbol was collected", advice: "Try again.")
    }
    return state
  }

  /// The same state under the next epoch; for an absent ref a tombstone, on which late first commits of the
  /// symbol fail.
  static func bumped(_ state: RefState?, symbol: ObjectName, writeID: UniqueID) -> RefState {
    guard var bumped = state else {
      return RefState(symbol: symbol.text, writeID: writeID, epoch: 1, isDeleted: true)
    }
    bumped.epoch += 1
    bumped.writeID = writeID
    return bumped
  }

  private static func isOvertakenOrUnknown(_ error: SternaError) -> Bool {
    switch error.code {
    case .preconditionFailed, .objectNotFound, .conditionalRequestConflict: true
    default: error.mayHaveBeenApplied
    }
  }
}
