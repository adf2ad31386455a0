package import SternaBase

/// Keeps one source's credentials usable: fetches them before they expire, once for all who wait.
///
///     expiry - 15 min            - 5 min                 expiry
///     ----------|------------------|-----------------------|---->
///      use them | use them, fetch  | wait for new ones; if  | new ones
///               | in the background| that fails, use them   | or an error
///
/// - Invariant: at most one fetch is under way (`flight`).
package actor RefreshingCredentials {
  private let provider: any CredentialsProvider
  private let environment: Environment
  private let warn: @Sendable (String) -> Void

  private var current: Credentials?
  private var flight: Task<Credentials, any Error>?
  /// After a failed fetch, usable credentials are not refreshed again before this time.
  private var pauseEndsAtUnixSeconds = Int64.min

  private static let pauseSeconds: Int64 = 30

  package init(
    _ provider: any CredentialsProvider, environment: Environment,
    warn: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.provider = provider
    self.environment = environment
    self.warn = warn
  }

  /// What the credentials come from; exact once there have been some.
  nonisolated var sourceName: String { provider.name }

  /// Credentials that are good for a request now.
  /// - Throws: when there are none, or the old ones have expired and no new ones can be had.
  package func credentials() async throws -> Credentials {
    guard let current else { return try await fetch() }
    switch CredentialsFreshness(of: current, atUnixSeconds: now) {
    case .fresh: return current
    case .aging:
      if mayTry { startFlight() }
      return current
    case .expiring:
      guard mayTry else { return current }
      do {
        return try await fetch()
      } catch {
        // The service that hands them out may be down for a moment; these are still valid.
        return current
      }
    case .expired: return try await fetch()
    }
  }

  /// Other credentials than those that a server has just refused as expired.
  /// - Returns: nil when the source has no others, so that asking the server again is pointless.
  package func replacement(for rejected: Credentials) async throws -> Credentials? {
    // Somebody else's refusal may have brought new ones already.
    if let current, current != rejected { return current }
    let fetched = try await fetch()
    return fetched == rejected ? nil : fetched
  }

  private var now: Int64 { environment.now() / 1_000_000_000 }
  private var mayTry: Bool { flight != nil || now >= pauseEndsAtUnixSeconds }

  private func fetch() async throws -> Credentials { try await startFlight().value }

  /// The fetch under way, or a new one. It belongs to nobody's task: a caller that is cancelled must not
  /// cancel it for the others.
  @discardableResult
  private func startFlight() -> Task<Credentials, any Error> {
    if let flight { return flight }
    let task = Task {
      do {
        guard let credentials = try await provider.credentials() else { throw Self.noneFound }
        arrived(credentials)
        return credentials
      } catch {
        failed(error)
        throw error
      }
    }
    flight = task
    return task
  }

  private func arrived(_ credentials: Credentials) {
    // Also when they look expired: the clock may be wrong, and nothing better can be had.
    current = credentials
    pauseEndsAtUnixSeconds =
      CredentialsFreshness(of: credentials, atUnixSeconds: now) == .fresh ? .min : pauseEnd
    flight = nil
  }

  private func failed(_ error: any Error) {
    pauseEndsAtUnixSeconds = pauseEnd
    flight = nil
    if current != nil { warn("credentials could not be refreshed: \(error)") }
  }

  private var pauseEnd: Int64 { now.addingReportingOverflow(Self.pauseSeconds).partialValue }

  private static let noneFound = SternaError(
    .credentials, "no credentials found",
    advice: "Give access_key_id and secret_access_key as options, set AWS_ACCESS_KEY_ID and "
      + "AWS_SECRET_ACCESS_KEY, or name a profile of ~/.aws with AWS_PROFILE.")
}
