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
  /// - Throws: `symbolNotFound` when there is no ref, what `edit` throws, and `commitStateUnknown` when an
  ///   answer was lost and the ref cannot be read any more, or has not moved since.
  package func run(_ edit: (RefState) async throws -> RefState?) async throws -> RefSnapshot {
    var open: RefSnapshot?
    do {
      return try await run(edit, open: &open)
    } catch {
      guard open != nil else { throw error }
      throw SternaError(
        .commitStateUnknown, "the store did not answer, so it is not known whether the change took effect",
        advice: "Make the change again when the store answers: what is done already is not done twice.",
        mayHaveBeenApplied: true, underlying: error)
    }
  }

  /// - Parameter open: the state that the last attempt named, while that attempt may have taken effect or
  ///   still may: until the ref is seen in another state, no error tells what became of it.
  private func run(
    _ edit: (RefState) async throws -> RefState?, open: inout RefSnapshot?
  ) async throws -> RefSnapshot {
    var lastError: SternaError?
    for attempt in 1...attemptCountMax {
      // What is open is settled first, or a cancelled caller would not learn what happened.
      if open == nil { try Task.checkCancellation() }
      let snapshot = try await Task { try await refs.read(symbol) }.value
      if open?.tag != snapshot.tag { open = nil }
      guard let state = snapshot.state else {
        throw SternaError(.symbolNotFound, "there is no symbol '\(symbol.text)'")
      }
      guard var next = try await edit(state) else { return snapshot }
      next.writeID = environment.makeUniqueID()
      let bytes = next.encode()
      do {
        let tag = try await Task { try await refs.write(bytes, of: symbol, replacing: snapshot) }.value
        return RefSnapshot(state: next, tag: tag)
      } catch let error as SternaError {
        if error.mayHaveBeenApplied || error.code == .conditionalRequestConflict { open = snapshot }
        guard error.isSettledByReading else { throw error }
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
