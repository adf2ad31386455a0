import ObjectStore
import SternaBase

/// Changes a ref without making a version: deletions, and the collector's epoch.
///
/// Such edits name what they end (version numbers, a life, an epoch), so applying one twice does nothing
/// the second time. That makes the loop simple: whatever happened to a request, read again and look whether
/// anything is left to do.
package struct RefEditLoop: Sendable {
  let refs: RefStore
  let symbol: ObjectName
  let environment: Environment
  /// Attempts before giving up; contention passes, a store that loses every answer does not.
  var attemptCountMax = 100

  /// - Parameter edit: the state to put in the place of the given one, or nil when nothing is left to do.
  ///   It is called for each attempt, and draws no write id: the loop does.
  /// - Returns: the ref as it stands in the end.
  /// - Throws: `symbolNotFound` when there is no ref, and what `edit` throws.
  package func run(_ edit: (RefState) async throws -> RefState?) async throws -> RefSnapshot {
    var lastError: SternaError?
    for attempt in 1...attemptCountMax {
      try Task.checkCancellation()
      let snapshot = try await refs.read(symbol)
      guard let state = snapshot.state else {
        throw SternaError(.symbolNotFound, "there is no symbol '\(symbol.text)'")
      }
      guard var next = try await edit(state) else { return snapshot }
      next.writeID = environment.makeUniqueID()
      do {
        let tag = try await refs.write(next.encode(), of: symbol, replacing: snapshot)
        return RefSnapshot(state: next, tag: tag)
      } catch let error as SternaError where error.isSettledByReading {
        lastError = error
        await CommitPause(environment: environment).wait(round: attempt)
      }
    }
    throw lastError ?? SternaError(.unavailable, "symbol '\(symbol.text)' could not be changed")
  }
}

extension SternaError {
  /// Somebody else changed the object, or nobody knows what happened: reading tells.
  var isSettledByReading: Bool {
    mayHaveBeenApplied || code == .preconditionFailed || code == .conditionalRequestConflict
      || code == .objectNotFound
  }
}
