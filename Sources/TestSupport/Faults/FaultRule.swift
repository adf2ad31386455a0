package import ObjectStore
package import SternaBase

/// Which requests of a `FaultInjectingObjectStore` go wrong, and how.
package struct FaultRule: Sendable {
  package enum Fault: Sendable {
    /// The request never reaches the store.
    case failBefore(SternaError = .injectedFailure)
    /// The request takes effect, and its answer is lost.
    case loseAnswer(SternaError = .injectedLostAnswer)
    /// The request fails now and takes effect when the test calls `deliverLateRequests()`.
    case deliverLate(SternaError = .injectedLostAnswer)
    /// The request takes effect twice, as if a proxy had sent it again; the second answer is what is seen.
    case deliverTwice
    /// The request waits first.
    case delay(nanoseconds: Int64)
    /// The given bit pattern is laid over one byte that a get answers (counted modulo their number).
    case flipByte(at: Int, mask: UInt8 = 0x01)
    /// A get answers only the first bytes.
    case truncate(to: Int)
    /// A bulk delete does not delete the keys that match, and says so.
    case refuseKeys(Keys, SternaError = .injectedFailure)
  }

  package enum Keys: Sendable {
    case any
    case exactly(String)
    case beginning(String)
    case containing(String)

    func match(_ key: String) -> Bool {
      switch self {
      case .any: true
      case .exactly(let wanted): key == wanted
      case .beginning(let prefix): key.hasPrefix(prefix)
      case .containing(let part): key.contains(part)
      }
    }
  }

  package enum Occasions: Sendable {
    case every
    /// The nth request that the rest of the rule fits; the first is 1.
    case nth(Int)
    case first(Int)
    /// All from the nth on: the client's process is gone.
    case from(Int)

    func contains(_ ordinal: Int) -> Bool {
      switch self {
      case .every: true
      case .nth(let wanted): ordinal == wanted
      case .first(let count): ordinal <= count
      case .from(let first): ordinal >= first
      }
    }
  }

  package var fault: Fault
  package var verbs: Set<RequestRecord.Verb>
  package var keys: Keys
  package var occasions: Occasions

  /// - Parameter verbs: nil for all.
  package init(
    _ fault: Fault, verbs: Set<RequestRecord.Verb>? = nil, keys: Keys = .any,
    on occasions: Occasions = .every
  ) {
    self.fault = fault
    self.verbs = verbs ?? Set(RequestRecord.Verb.allCases)
    self.keys = keys
    self.occasions = occasions
  }
}

extension SternaError {
  /// The server could not be reached.
  package static let injectedFailure = SternaError(
    .unavailable, "injected: the request was not sent", retry: .transient)

  /// The connection broke before the answer came.
  package static let injectedLostAnswer = SternaError(
    .unavailable, "injected: the answer was lost", retry: .transient, mayHaveBeenApplied: true)

  /// The server asks for less load.
  package static let injectedThrottle = SternaError(
    .unavailable, "injected: slow down", retry: .throttled(afterMilliseconds: nil))

  /// Another conditional request was in flight.
  package static let injectedConflict = SternaError(
    .conditionalRequestConflict, "injected: another conditional request was in flight", retry: .transient)
}
