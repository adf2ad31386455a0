package import SternaBase

/// What a user says about a bucket; whatever is nil is found in the environment, a profile, or a default.
package struct S3Options: Hashable, Sendable {
  package var endpoint: String?
  package var region: String?
  package var profile: String?
  package var accessKeyID: String?
  package var secretAccessKey: Secret?
  package var sessionToken: Secret?
  package var addressing: S3Addressing?
  /// PEM file of trusted authorities.
  package var caBundle: String?
  /// Plain http to other machines too.
  package var allowHTTP = false
  package var maxAttempts: Int?

  package init() {}

  /// Sets an option by the name that it has on the command line, in URIs and in Python.
  ///
  /// - Returns: false when no option of S3 has this name.
  /// - Throws: `invalidArgument` for a value that means nothing.
  package mutating func set(_ name: String, to value: String) throws(SternaError) -> Bool {
    switch name {
    case "endpoint": endpoint = value
    case "region": region = value
    case "profile": profile = value
    case "access_key_id": accessKeyID = value
    case "secret_access_key": secretAccessKey = Secret(value)
    case "session_token": sessionToken = Secret(value)
    case "addressing":
      guard let known = S3Addressing(rawValue: value.lowercased()) else {
        throw Self.invalid(name, value, "auto, path or virtual")
      }
      addressing = known
    case "ca_bundle": caBundle = value
    case "allow_http": allowHTTP = try Self.bool(name, value)
    case "max_attempts": maxAttempts = try Self.attemptCount(name, value)
    default: return false
    }
    return true
  }

  static func bool(_ name: String, _ value: String) throws(SternaError) -> Bool {
    switch value.lowercased() {
    case "true", "1", "yes", "on": return true
    case "false", "0", "no", "off": return false
    default: throw invalid(name, value, "true or false")
    }
  }

  static func attemptCount(_ name: String, _ value: String) throws(SternaError) -> Int {
    guard let count = Int(value), (1...100).contains(count) else {
      throw invalid(name, value, "a number of 1 to 100")
    }
    return count
  }

  static func invalid(_ name: String, _ value: String, _ wanted: String) -> SternaError {
    SternaError(
      .invalidArgument, "\(name) is '\(value)', which means nothing", advice: "Set \(name) to \(wanted).")
  }
}
