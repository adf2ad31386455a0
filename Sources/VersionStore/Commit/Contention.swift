import SternaBase

/// How many writers compete for a ref, judged by who made its newest versions, and how long each of them
/// stands back before its next attempt.
///
/// Pauses that grow with every lost race are unfair: whoever won starts again at once and wins again, while
/// the others wait longer and longer (the capture effect of Ethernet; Ramakrishnan and Yang, "The Ethernet
/// Capture Effect", 1994). Here all wait alike, the winner of the last race too: uniformly up to the time of
/// as many attempts as there are writers, which keeps about two attempts under way however many there are.
///
/// Only pauses depend on it, and on the clocks that it looks at, never what is right.
struct Contention: Hashable, Sendable {
  let writerCount: Int
  let attemptNanoseconds: Int64

  /// Versions further apart than this many attempts were not made in competition.
  private static let horizonAttemptCount: Int64 = 128
  private static let writerCountMax = 256
  private static let pauseNanosecondsMax: Int64 = 10_000_000_000

  /// - Parameter attemptNanoseconds: how long an attempt takes, from reading the ref to the put's answer.
  init(on state: RefState?, writer: UInt64, attemptNanoseconds: Int64, now: Int64) {
    self.attemptNanoseconds = attemptNanoseconds
    let horizon = attemptNanoseconds * Self.horizonAttemptCount
    guard let state, let newest = state.recent.last, now - newest.time <= horizon else {
      writerCount = 1
      return
    }
    let writers = state.recent.filter { newest.time - $0.time <= horizon }.map(\.commitID.high)
    writerCount = Self.writerCount(drawn: writers.count, distinct: Set(writers).union([writer]).count)
  }

  /// More writers than the entries have room for show by how rarely one of them comes twice: of n draws out
  /// of w, about n^2 / 2w repeat an earlier one.
  private static func writerCount(drawn: Int, distinct: Int) -> Int {
    guard distinct * 2 > drawn, drawn >= 8 else { return distinct }
    return min(writerCountMax, max(distinct, drawn * drawn / (2 * max(1, drawn - distinct))))
  }

  var hasOthers: Bool { writerCount > 1 }

  /// The bound of a pause that lets others have their turn.
  var pauseNanosecondsBound: Int64 {
    min(Self.pauseNanosecondsMax, Int64(writerCount) * attemptNanoseconds)
  }

  /// The same for a writer that has lost so many races with one commit: whoever won counts, seen or not.
  /// Bad luck in a row makes it come back sooner, or the unluckiest of thousands would wait for a minute.
  func pauseNanosecondsBound(afterLosses count: Int) -> Int64 {
    max(2 * attemptNanoseconds, pauseNanosecondsBound >> Int64(min(count / 4, 4)))
  }
}
