import CSterna
import SternaBase

/// An error as C reads it, with the texts that it points to.
final class ErrorTexts: @unchecked Sendable {
  // Written in init only.
  private let memory: UnsafeMutablePointer<sterna_error>
  private let texts: [CText]

  var pointer: UnsafePointer<sterna_error> { UnsafePointer(memory) }

  init(_ error: SternaError) {
    var texts: [CText] = []
    func lend(_ text: String?) -> UnsafePointer<CChar>? {
      guard let text else { return nil }
      texts.append(CText(text))
      return texts.last?.pointer
    }
    memory = .allocate(capacity: 1)
    memory.initialize(
      to: sterna_error(
        code: lend(error.code.name), message: lend(error.message), advice: lend(error.advice),
        key: lend(error.key), request_id: lend(error.requestID), provider_code: lend(error.providerCode),
        http_status: Int32(truncatingIfNeeded: error.httpStatus ?? 0),
        attempts: Int32(truncatingIfNeeded: error.attempts ?? 0),
        is_transient: error.retry == .never ? 0 : 1,
        may_have_been_applied: error.mayHaveBeenApplied ? 1 : 0, commit_token: lend(error.commitToken)))
    self.texts = texts
  }

  deinit { memory.deallocate() }
}
