import SternaBase
import Synchronization
import Testing

@testable import S3

/// Hands out `key-1`, `key-2`, ..., each for an hour of the clock below; or fails, or waits to be told.
private final class ProviderDouble: CredentialsProvider {
  struct State {
    var now: Int64 = 1_000_000
    var fetchCount = 0
    var failure: SternaError?
    var lifetimeSeconds: Int64 = 3600
    var warnings: [String] = []
  }

  let name = "double"
  let state = Mutex(State())
  let delayNanoseconds: UInt64

  init(delayNanoseconds: UInt64 = 0) { self.delayNanoseconds = delayNanoseconds }

  func credentials() async throws -> Credentials? {
    if delayNanoseconds > 0 { try await Task.sleep(nanoseconds: delayNanoseconds) }
    return try state.withLock { state in
      state.fetchCount += 1
      if let failure = state.failure { throw failure }
      return .keys("key-\(state.fetchCount)", expires: state.now + state.lifetimeSeconds)
    }
  }

  func advance(_ seconds: Int64) { state.withLock { $0.now += seconds } }
  func fail(_ error: SternaError?) { state.withLock { $0.failure = error } }
  var fetchCount: Int { state.withLock { $0.fetchCount } }

  func refreshing() -> RefreshingCredentials {
    var environment = Environment.live
    environment.now = { self.state.withLock { $0.now } * 1_000_000_000 }
    return RefreshingCredentials(self, environment: environment) { warning in
      self.state.withLock { $0.warnings.append(warning) }
    }
  }
}

private let failure = SternaError(.unavailable, "down")

@Suite(.timeLimit(.minutes(10))) struct RefreshingCredentialsTests {
  @Test func freshOnesAreFetchedOnce() async throws {
    let provider = ProviderDouble()
    let credentials = provider.refreshing()
    for _ in 0..<5 { #expect(try await credentials.credentials().accessKeyID == "key-1") }
    provider.advance(2600)
    #expect(try await credentials.credentials().accessKeyID == "key-1")
    #expect(provider.fetchCount == 1)
  }

  @Test func aFetchIsSharedByAllWhoWait() async throws {
    let provider = ProviderDouble(delayNanoseconds: 20_000_000)
    let credentials = provider.refreshing()
    try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<50 { group.addTask { try await credentials.credentials().accessKeyID } }
      for try await id in group { #expect(id == "key-1") }
    }
    #expect(provider.fetchCount == 1)
  }

  @Test func fifteenMinutesBeforeTheirEndNewOnesAreFetchedInTheBackground() async throws {
    let provider = ProviderDouble(delayNanoseconds: 1_000_000)
    let credentials = provider.refreshing()
    _ = try await credentials.credentials()
    provider.advance(3600 - 899)
    #expect(try await credentials.credentials().accessKeyID == "key-1")
    while try await credentials.credentials().accessKeyID == "key-1" {
      try await Task.sleep(nanoseconds: 1_000_000)
    }
    #expect(provider.fetchCount == 2)
  }

  @Test func fiveMinutesBeforeTheirEndNewOnesAreWaitedFor() async throws {
    let provider = ProviderDouble()
    let credentials = provider.refreshing()
    _ = try await credentials.credentials()
    provider.advance(3600 - 300)
    #expect(try await credentials.credentials().accessKeyID == "key-2")
  }

  @Test func oldOnesServeAsLongAsTheyAreValidWhenRefreshingFails() async throws {
    let provider = ProviderDouble()
    let credentials = provider.refreshing()
    _ = try await credentials.credentials()
    provider.fail(failure)
    provider.advance(3600 - 200)
    for _ in 0..<5 { #expect(try await credentials.credentials().accessKeyID == "key-1") }
    #expect(provider.fetchCount == 2, "after a failure there is a pause")
    #expect(provider.state.withLock { $0.warnings.count } == 1)
    provider.advance(30)
    #expect(try await credentials.credentials().accessKeyID == "key-1")
    #expect(provider.fetchCount == 3)
    provider.advance(170)
    await #expect(throws: SternaError.self) { try await credentials.credentials() }
    provider.fail(nil)
    #expect(try await credentials.credentials().accessKeyID == "key-5")
  }

  @Test func aRefusalBringsNewOnesOnceForAllWhoWereRefused() async throws {
    let provider = ProviderDouble(delayNanoseconds: 5_000_000)
    let credentials = provider.refreshing()
    let rejected = try await credentials.credentials()
    try await withThrowingTaskGroup(of: String?.self) { group in
      for _ in 0..<20 { group.addTask { try await credentials.replacement(for: rejected)?.accessKeyID } }
      for try await id in group { #expect(id == "key-2") }
    }
    #expect(provider.fetchCount == 2)
  }

  @Test func aSourceWithoutOthersHasNoReplacement() async throws {
    let keys = Credentials.keys("static")
    let credentials = RefreshingCredentials(StaticCredentials(keys), environment: .live)
    #expect(try await credentials.credentials() == keys)
    #expect(try await credentials.replacement(for: keys) == nil)
  }

  @Test func aCallerThatIsCancelledDoesNotCancelTheFetchOfOthers() async throws {
    let provider = ProviderDouble(delayNanoseconds: 20_000_000)
    let credentials = provider.refreshing()
    let impatient = Task { try await credentials.credentials() }
    let patient = Task { try await credentials.credentials() }
    impatient.cancel()
    #expect(try await patient.value.accessKeyID == "key-1")
  }

  @Test func onesThatSeemExpiredAreUsedWhenTheSourceHasNoBetter() async throws {
    let provider = ProviderDouble()
    provider.state.withLock { $0.lifetimeSeconds = -10 }
    #expect(try await provider.refreshing().credentials().accessKeyID == "key-1")
  }

  @Test func withoutAnySourceTheAdviceNamesTheVariables() async {
    let credentials = RefreshingCredentials(CredentialsChain([]), environment: .live)
    let error = await #expect(throws: SternaError.self) { try await credentials.credentials() }
    #expect(error?.code == .credentials)
    #expect(error?.advice?.contains("AWS_ACCESS_KEY_ID") == true)
  }

  @Test func freshnessIsDecidedByTheSecondsLeft() {
    func freshness(_ left: Int64) -> CredentialsFreshness {
      .init(of: .keys("k", expires: 1_000_000 + left), atUnixSeconds: 1_000_000)
    }
    #expect(freshness(901) == .fresh)
    #expect(freshness(900) == .aging)
    #expect(freshness(301) == .aging)
    #expect(freshness(300) == .expiring)
    #expect(freshness(1) == .expiring)
    #expect(freshness(0) == .expired)
    #expect(CredentialsFreshness(of: .keys("k"), atUnixSeconds: .max) == .fresh)
    #expect(CredentialsFreshness(of: .keys("k", expires: .max), atUnixSeconds: -5) == .fresh)
    #expect(CredentialsFreshness(of: .keys("k", expires: .min), atUnixSeconds: 5) == .expired)
  }
}
