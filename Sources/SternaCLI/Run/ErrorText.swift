import Sterna

/// An error as people read it:
///
///     sterna: error: there is no library 'markt'
///       key: markt/library.json
///       `sterna ls STORE` lists the libraries; importing into a new one creates it.
struct ErrorText {
  private let error: SternaError

  init(_ error: SternaError) { self.error = error }

  func lines(isColored: Bool) -> String {
    var lines = [Self.headline(error.message, isColored: isColored)]
    if let context { lines.append("  " + context) }
    if let advice = error.advice { lines.append("  " + advice) }
    return lines.joined(separator: "\n")
  }

  /// What operators need to find the request in their logs; nothing of it is secret.
  var context: String? {
    var parts: [String] = []
    if let key = error.key { parts.append("key: \(key)") }
    if let status = error.httpStatus { parts.append("status: \(status)") }
    if let code = error.providerCode { parts.append("code: \(code)") }
    if let id = error.requestID { parts.append("request: \(id)") }
    if let attempts = error.attempts, attempts > 1 { parts.append("attempts: \(attempts)") }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  static func headline(_ message: String, isColored: Bool) -> String {
    "sterna: \(TextColor.red.paint("error:", isColored)) \(message)"
  }
}
