package import SternaBase

/// Finds out whether a store's conditional writes hold, by racing real requests.
///
/// Some S3-compatible servers ignore If-Match or If-None-Match, or look before they write without keeping others
/// out meanwhile. On those, two writers of one symbol would silently lose each other's versions, so no answer but
/// that of a race is believed.
package struct ConditionalWriteProof: Sendable {
  package enum Result: Hashable, Sendable {
    case proven
    /// Each reason is one observation, with its counts.
    case refuted(reasons: [String])
  }

  /// How a single conditional put ended.
  private enum Outcome {
    case won(ETag)
    case refused
    /// Refused, but an attempt before it had an unknown outcome: the object tells who won.
    case unknown
  }

  private let store: any ObjectStore
  private let keyPrefix: String
  private let racerCount: Int
  private let environment: Environment

  /// How often a 409 is sent again before it counts as a refusal.
  private static let conflictRetryCountMax = 12

  /// The scratch objects get fresh keys that begin with `keyPrefix`, and are removed in the end.
  package init(
    on store: any ObjectStore, keyPrefix: String, racerCount: Int = 16, environment: Environment = .live
  ) {
    precondition(racerCount > 1, "a race needs two")
    self.store = store
    self.keyPrefix = keyPrefix
    self.racerCount = racerCount
    self.environment = environment
  }

  /// - Throws: errors that say nothing about conditions: no connection, no permission, no bucket.
  package func run() async throws -> Result {
    let scratch = "\(keyPrefix)\(environment.makeUniqueID().hex)"
    let keys = ["create", "match", "absent"].map { "\(scratch)-\($0)" }
    let reasons: [String]
    do {
      reasons = try await observe(createKey: keys[0], matchKey: keys[1], absentKey: keys[2])
    } catch {
      // What went wrong matters more than what cannot be cleared up now.
      _ = try? await store.delete(keys)
      throw error
    }
    _ = try? await store.delete(keys)
    return reasons.isEmpty ? .proven : .refuted(reasons: reasons)
  }

  private func observe(createKey: String, matchKey: String, absentKey: String) async throws -> [String] {
    var reasons = try await race(createKey, .create, name: "create-only")
    if case .won = try await attempt(createKey, body(-1), .create) {
      reasons.append("a create-only put replaced an object that existed")
    }

    let first = try await store.put(matchKey, body(-1)).tag
    if first.value.isEmpty { reasons.append("the store gives no ETag") }
    reasons += try await race(matchKey, .ifMatch(first), name: "if-match")
    if case .won = try await attempt(matchKey, body(-2), .ifMatch(first)) {
      reasons.append("a put with a stale ETag succeeded")
    }
    if case .won = try await attempt(absentKey, body(-1), .ifMatch(first)) {
      reasons.append("an if-match put of an object that does not exist succeeded")
    }
    return reasons
  }

  /// Lets all racers put at once and compares what they were told with what is there.
  private func race(_ key: String, _ mode: PutMode, name: String) async throws -> [String] {
    let outcomes = try await withThrowingTaskGroup(of: (Int, Outcome).self) { group in
      for racer in 0..<racerCount {
        group.addTask { (racer, try await attempt(key, body(racer), mode)) }
      }
      return try await group.reduce(into: [Int: Outcome]()) { $0[$1.0] = $1.1 }
    }
    var present: Bytes?
    do {
      present = try await store.get(key).bytes
    } catch let error as SternaError where error.code == .objectNotFound {
      present = nil
    }
    let winners = outcomes.filter { racer, outcome in
      switch outcome {
      case .won: true
      case .refused: false
      case .unknown: body(racer) == present
      }
    }
    if winners.count != 1 {
      return ["\(winners.count) of \(racerCount) \(name) writers won"]
    }
    if !winners.keys.contains(where: { body($0) == present }) {
      return ["the object does not hold what the only \(name) writer that won wrote"]
    }
    return []
  }

  private func attempt(_ key: String, _ bytes: Bytes, _ mode: PutMode) async throws -> Outcome {
    var conflictCount = 0
    while true {
      do {
        return .won(try await store.put(key, bytes, mode: mode).tag)
      } catch let error as SternaError {
        switch error.code {
        case .preconditionFailed, .objectNotFound:
          return error.mayHaveBeenApplied ? .unknown : .refused
        case .conditionalRequestConflict where conflictCount == Self.conflictRetryCountMax:
          return error.mayHaveBeenApplied ? .unknown : .refused
        case .conditionalRequestConflict:
          conflictCount += 1
          try await environment.sleep(environment.random(below: 10_000_000 << min(conflictCount, 6)))
        default:
          throw error
        }
      }
    }
  }

  /// What a racer writes: equal bytes would have equal tags, and many could win.
  private func body(_ racer: Int) -> Bytes { Bytes(utf8: "conditional write proof, writer \(racer)\n") }
}
