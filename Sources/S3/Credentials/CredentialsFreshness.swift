/// What must be done about credentials at a moment: the policy of refreshing, without any doing.
enum CredentialsFreshness: Hashable, Sendable {
  case fresh
  /// Fetch new ones in the background; these still serve.
  case aging
  /// Wait for new ones, so that no request is signed that expires on its way.
  case expiring
  case expired

  private static let backgroundSeconds: Int64 = 15 * 60
  private static let blockingSeconds: Int64 = 5 * 60

  init(of credentials: Credentials, atUnixSeconds now: Int64) {
    guard let end = credentials.expiresAtUnixSeconds else {
      self = .fresh
      return
    }
    let (left, overflow) = end.subtractingReportingOverflow(now)
    switch left {
    case _ where overflow: self = end > now ? .fresh : .expired
    case ...0: self = .expired
    case ...Self.blockingSeconds: self = .expiring
    case ...Self.backgroundSeconds: self = .aging
    default: self = .fresh
    }
  }
}
