internal import SternaBase

/// Credentials of a profile in the shared files, by whichever way the profile says.
struct ProfileCredentials: CredentialsProvider {
  var name: String { profileName.map { "profile '\($0)'" } ?? "profile" }
  private let profileName: String?
  private let services: CredentialServices

  init(name: String?, services: CredentialServices) {
    self.profileName = name
    self.services = services
  }

  func credentials() async throws -> Credentials? {
    // Read anew each time: tools that log in write the files while we run.
    guard let profile = try Profile.load(profileName, services.process) else { return nil }
    if let tokenPath = profile["web_identity_token_file"] {
      let settings = WebIdentityCredentials.Settings(
        tokenPath: tokenPath, roleARN: profile["role_arn"] ?? "", sessionName: profile["role_session_name"])
      return try await WebIdentityCredentials(services, settings).credentials()
    }
    if profile["role_arn"] != nil { throw Self.unsupported(profile, "assumes a role of another profile") }
    if let command = profile["credential_process"] {
      return try await ProcessCredentials(command: command, process: services.process).credentials()
    }
    if let keys = try Self.keys(profile) { return keys }
    if profile["sso_session"] != nil || profile["sso_start_url"] != nil {
      throw Self.unsupported(profile, "signs in with SSO")
    }
    // A profile may say only a region; the next source has the credentials, unless this one was named.
    guard profileName == nil else {
      throw SternaError(
        .credentials, "profile '\(profile.name)' has no credentials",
        advice: "Add aws_access_key_id and aws_secret_access_key, or credential_process, to the profile.")
    }
    return nil
  }

  private static func keys(_ profile: Profile) throws(SternaError) -> Credentials? {
    let id = profile["aws_access_key_id"]
    let secret = profile["aws_secret_access_key"]
    if id == nil && secret == nil { return nil }
    guard let id, let secret else {
      throw SternaError(
        .credentials, "profile '\(profile.name)' has only one of access key id and secret",
        advice: "Give the profile both aws_access_key_id and aws_secret_access_key.")
    }
    return Credentials(
      accessKeyID: id, secretAccessKey: Secret(secret),
      sessionToken: profile["aws_session_token"].map { Secret($0) })
  }

  private static func unsupported(_ profile: Profile, _ what: String) -> SternaError {
    SternaError(
      .credentials, "profile '\(profile.name)' \(what), which Sterna cannot do itself",
      advice: "Let the AWS command line do it: add to a profile 'credential_process = aws configure "
        + "export-credentials --profile \(profile.name) --format process' and use that one.")
  }
}
