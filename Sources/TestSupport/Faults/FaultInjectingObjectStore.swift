package import ObjectStore
package import SternaBase
import Synchronization

/// A store on which requests go wrong as rules say: deterministic, as long as the requests come in one
/// order.
///
/// For each request the first rule that fits decides; every rule counts the requests that fit it, whether
/// or not an earlier rule decided.
package final class FaultInjectingObjectStore: ObjectStore {
  private struct State {
    var rules: [(rule: FaultRule, matchCount: Int)] = []
    var lateRequests: [@Sendable () async -> Void] = []
    var injectedCount = 0
  }

  private let base: any ObjectStore
  private let environment: Environment
  private let state = Mutex(State())

  package init(
    _ base: any ObjectStore, rules: [FaultRule] = [],
    environment: Environment = SimulatedEnvironment().environment
  ) {
    self.base = base
    self.environment = environment
    for rule in rules { add(rule) }
  }

  package func add(_ rule: FaultRule) { state.withLock { $0.rules.append((rule, 0)) } }

  /// Ends all faults; requests that are late stay so.
  package func removeAllRules() { state.withLock { $0.rules = [] } }

  /// How many faults were injected so far.
  package var injectedCount: Int { state.withLock { $0.injectedCount } }

  package var lateRequestCount: Int { state.withLock { $0.lateRequests.count } }

  /// Lets the requests arrive that were held back, in the order in which they were sent. Nobody hears the
  /// answers.
  package func deliverLateRequests() async {
    let requests = state.withLock { state in
      defer { state.lateRequests = [] }
      return state.lateRequests
    }
    for request in requests { await request() }
  }

  package func get(_ key: String, range: GetRange) async throws -> GetResult {
    let base = base
    return try await injecting(.get, key, change: Self.damage) { try await base.get(key, range: range) }
  }

  package func head(_ key: String) async throws -> ObjectMetadata {
    let base = base
    return try await injecting(.head, key) { try await base.head(key) }
  }

  package func put(
    _ key: String, _ bytes: Bytes, mode: PutMode, digest: SHA256Digest?
  ) async throws -> PutResult {
    let base = base
    return try await injecting(.put, key) { try await base.put(key, bytes, mode: mode, digest: digest) }
  }

  package func copy(_ source: String, to key: String) async throws {
    let base = base
    try await injecting(.copy, key) { try await base.copy(source, to: key) }
  }

  package func delete(_ key: String) async throws {
    let base = base
    try await injecting(.delete, key) { try await base.delete(key) }
  }

  package func delete(_ keys: [String]) async throws -> [DeleteOutcome] {
    let base = base
    let fault = nextFault(.deleteMany, keys.first ?? "")
    guard case .refuseKeys(let refused, let error) = fault else {
      return try await perform(fault, keys.first ?? "") { try await base.delete(keys) }
    }
    var deleted = try await base.delete(keys.filter { !refused.match($0) })[...]
    return keys.map { key in
      let failure = refused.match(key) ? error : deleted.popFirst()?.failure
      return DeleteOutcome(key: key, failure: failure)
    }
  }

  package func list(_ request: ListRequest) async throws -> ListPage {
    let base = base
    return try await injecting(.list, request.prefix) { try await base.list(request) }
  }

  private func injecting<Answer>(
    _ verb: RequestRecord.Verb, _ key: String, change: (FaultRule.Fault, Answer) -> Answer = { $1 },
    _ request: @escaping @Sendable () async throws -> Answer
  ) async throws -> Answer {
    try await perform(nextFault(verb, key), key, change: change, request)
  }

  private func perform<Answer>(
    _ fault: FaultRule.Fault?, _ key: String, change: (FaultRule.Fault, Answer) -> Answer = { $1 },
    _ request: @escaping @Sendable () async throws -> Answer
  ) async throws -> Answer {
    switch fault {
    case nil, .refuseKeys:
      return try await request()
    case .failBefore(let error):
      throw error.with { $0.key = key }
    case .loseAnswer(let error):
      _ = try? await request()
      throw error.with { $0.key = key }
    case .deliverLate(let error):
      state.withLock { $0.lateRequests.append { _ = try? await request() } }
      throw error.with { $0.key = key }
    case .deliverTwice:
      _ = try? await request()
      return try await request()
    case .delay(let nanoseconds):
      try await environment.sleep(nanoseconds)
      return try await request()
    case .flipByte?, .truncate?:
      let answer = try await request()
      return fault.map { change($0, answer) } ?? answer
    }
  }

  private func nextFault(_ verb: RequestRecord.Verb, _ key: String) -> FaultRule.Fault? {
    state.withLock { state in
      var fault: FaultRule.Fault?
      for index in state.rules.indices {
        let rule = state.rules[index].rule
        guard rule.verbs.contains(verb), rule.keys.match(key) else { continue }
        state.rules[index].matchCount += 1
        if fault == nil, rule.occasions.contains(state.rules[index].matchCount) { fault = rule.fault }
      }
      if fault != nil { state.injectedCount += 1 }
      return fault
    }
  }

  private static func damage(_ fault: FaultRule.Fault, _ answer: GetResult) -> GetResult {
    var damaged = answer
    switch fault {
    case .flipByte(let position, let mask) where !answer.bytes.isEmpty:
      var bytes = answer.bytes.array
      bytes[position % bytes.count] ^= mask
      damaged.bytes = Bytes(bytes)
    case .truncate(let count):
      damaged.bytes = answer.bytes[0..<min(count, answer.bytes.count)]
    default:
      break
    }
    return damaged
  }
}
