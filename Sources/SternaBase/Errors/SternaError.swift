/// Everything that the world can do to Sterna, as one value: what kind, what happened, to which object, and
/// what the user can do about it.
///
/// Bugs assert; the world throws this. A code exists only when a caller would act differently on it; detail
/// belongs in `message` and the context fields. New codes can be added without breaking callers.
///
///     do { try await library.read("SPY") }
///     catch let error where error.code == .symbolNotFound { ... }
///
/// - Note: `message` is lowercase, names no secret, and does not repeat the context fields.
public struct SternaError: Error, Sendable {
  public let code: Code
  public let message: String
  /// What the user can do, as a full sentence.
  public var advice: String?
  /// The object key that the failing request named.
  public var key: String?
  /// The server's request id, for its operator's logs.
  public var requestID: String?
  /// HTTP status of the answer, when there was one.
  public var httpStatus: Int?
  /// The provider's own error code (`SlowDown`, `AccessDenied`, ...).
  public var providerCode: String?
  /// How many attempts were made before giving up.
  public var attempts: Int?
  /// Whether trying the identical request again can help.
  public var retry: RetryClass
  /// Whether the request may have taken effect although it failed (an answer was lost, a 5xx after the
  /// fact).
  public var mayHaveBeenApplied: Bool
  /// Of `commitStateUnknown`: names the commit, for whoever settles it later.
  public var commitToken: String?
  /// The error that led to this one.
  public var underlying: (any Error)?

  public init(
    _ code: Code, _ message: String, advice: String? = nil, key: String? = nil, retry: RetryClass = .never,
    mayHaveBeenApplied: Bool = false, underlying: (any Error)? = nil
  ) {
    self.code = code
    self.message = message
    self.advice = advice
    self.key = key
    self.retry = retry
    self.mayHaveBeenApplied = mayHaveBeenApplied
    self.underlying = underlying
  }

  /// A copy with one or more fields changed, for adding context on the way up.
  public func with(_ change: (inout SternaError) -> Void) -> SternaError {
    var copy = self
    change(&copy)
    return copy
  }

  /// How a retrying layer should treat the failure.
  public enum RetryClass: Hashable, Sendable {
    /// The same request would fail the same way.
    case never
    /// A passing fault: try again after a short, jittered pause.
    case transient
    /// The store asks for less load: pause longer. `afterMilliseconds` is its own wish, where it gave one.
    case throttled(afterMilliseconds: Int?)
  }
}

extension SternaError: CustomStringConvertible {
  /// One line: `code: message (key=..., status=..., request=..., attempts=...)`, then the advice.
  public var description: String {
    var context: [String] = []
    if let key { context.append("key=\(key)") }
    if let httpStatus { context.append("status=\(httpStatus)") }
    if let providerCode { context.append("code=\(providerCode)") }
    if let requestID { context.append("request=\(requestID)") }
    if let attempts, attempts > 1 { context.append("attempts=\(attempts)") }
    let tail = context.isEmpty ? "" : " (\(context.joined(separator: ", ")))"
    return "\(code.name): \(message)\(tail)" + (advice.map { ". \($0)" } ?? "")
  }
}
