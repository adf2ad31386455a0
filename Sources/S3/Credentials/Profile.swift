internal import SternaBase

/// One profile of the two shared files, `~/.aws/config` and `~/.aws/credentials`.
struct Profile: Sendable {
  let name: String
  private let credentials: ProfileDocument.Section
  private let config: ProfileDocument.Section
  /// Settings of the `[services ...]` section that the profile refers to.
  private let services: ProfileDocument.Section

  /// Loads a profile: the one named, else AWS_PROFILE, else `default`.
  ///
  /// - Returns: nil when there is none of that name, which is an error only when the user named it.
  static func load(_ option: String?, _ process: ProcessEnvironment) throws(SternaError) -> Profile? {
    let chosen = option ?? process["AWS_PROFILE"] ?? process["AWS_DEFAULT_PROFILE"]
    let name = chosen ?? "default"
    let config = try document("AWS_CONFIG_FILE", "~/.aws/config", process)
    let credentials = try document("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials", process)
    let inConfig =
      config.sections["profile \(name)"] ?? (name == "default" ? config.sections["default"] : nil)
    let inCredentials = credentials.sections[name]
    guard inConfig != nil || inCredentials != nil else {
      guard chosen == nil else {
        throw SternaError(
          .credentials, "profile '\(name)' does not exist",
          advice: "Check the name of the profile, and the files that AWS_CONFIG_FILE and "
            + "AWS_SHARED_CREDENTIALS_FILE name (by default those in ~/.aws).")
      }
      return nil
    }
    let services = inConfig?["services"].flatMap { config.sections["services \($0.value)"] }
    return Profile(
      name: name, credentials: inCredentials ?? [:], config: inConfig ?? [:], services: services ?? [:])
  }

  private static func document(
    _ variable: String, _ standard: String, _ process: ProcessEnvironment
  ) throws(SternaError) -> ProfileDocument {
    let path = process.expandingHome(process[variable] ?? standard)
    guard let bytes = try process.readFile(path) else { return ProfileDocument() }
    return try ProfileDocument(parsing: bytes, path: path)
  }

  /// A setting; the credentials file has precedence.
  subscript(name: String) -> String? {
    for section in [credentials, config] {
      if let value = section[name]?.value, !value.isEmpty { return value }
    }
    return nil
  }

  /// A setting of the nested ones for S3 (`s3 =` and indented lines).
  func s3Setting(_ name: String) -> String? { config["s3"]?.nested[name] }

  /// The endpoint that the profile names for S3.
  var s3EndpointURL: String? { services["s3"]?.nested["endpoint_url"] ?? self["endpoint_url"] }
}
