package import SternaBase

/// One request that a `RecordingObjectStore` passed on.
package struct RequestRecord: Sendable {
  package enum Verb: String, Hashable, Sendable, CaseIterable {
    case get, head, put, copy, delete, deleteMany, list
  }

  package enum Outcome: Hashable, Sendable {
    case pending
    case success
    case failure(SternaError.Code)
  }

  package var verb: Verb
  /// The object's key; of a copy, the new one; the prefix of a listing; the first key of a bulk delete.
  package var key: String
  package var range: GetRange?
  package var mode: PutMode?
  /// How many keys a bulk delete named; 1 for the other verbs.
  package var keyCount: Int
  package var sentByteCount: Int
  package var receivedByteCount = 0
  package var outcome = Outcome.pending

  /// When the request began and ended, on a counter that every beginning and every end advances by one.
  /// A request can depend on another's answer only if it began behind the other's end.
  package var start: Int
  package var end: Int?

  package init(
    verb: Verb, key: String, range: GetRange? = nil, mode: PutMode? = nil, keyCount: Int = 1,
    sentByteCount: Int = 0, start: Int, end: Int? = nil
  ) {
    self.verb = verb
    self.key = key
    self.range = range
    self.mode = mode
    self.keyCount = keyCount
    self.sentByteCount = sentByteCount
    self.start = start
    self.end = end
  }
}

extension Sequence<RequestRecord> {
  /// The most requests of which each began behind the end of the one before: the least number of round
  /// trips that the recorded work takes on a network of any width.
  ///
  ///     |--a--|  |--b--|             a, b: 2 steps
  ///        |------c-------|          c overlaps both: still 2
  package func dependentSteps() -> Int {
    var events: [(time: Int, index: Int, isEnd: Bool)] = []
    for (index, record) in enumerated() {
      events.append((record.start, index, false))
      if let end = record.end { events.append((end, index, true)) }
    }
    events.sort { $0.time < $1.time }

    var depths: [Int: Int] = [:]
    var deepest = 0
    var deepestEnded = 0
    for event in events {
      if event.isEnd {
        deepestEnded = Swift.max(deepestEnded, depths[event.index] ?? 0)
      } else {
        depths[event.index] = deepestEnded + 1
        deepest = Swift.max(deepest, deepestEnded + 1)
      }
    }
    return deepest
  }
}
