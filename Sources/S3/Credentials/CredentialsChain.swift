package import SternaBase
internal import Synchronization

/// Asks sources in their order of precedence; the first that is configured here decides.
package final class CredentialsChain: CredentialsProvider {
  /// That of the source that answered, once one has.
  package var name: String { chosen.withLock { $0 }?.name ?? "chain" }
  private let providers: [any CredentialsProvider]
  /// The source that answered: refreshing must not wander to another identity.
  private let chosen = Mutex<(any CredentialsProvider)?>(nil)

  package init(_ providers: [any CredentialsProvider]) { self.providers = providers }

  package func credentials() async throws -> Credentials? {
    if let known = chosen.withLock({ $0 }) { return try await known.credentials() }
    for provider in providers {
      guard let credentials = try await provider.credentials() else { continue }
      chosen.withLock { $0 = provider }
      return credentials
    }
    return nil
  }

  /// The sources that AWS users expect, in their order: environment, web identity, profile, container,
  /// instance metadata. A profile that the user named in an option comes before the environment.
  package static func standard(
    profile: String?, region: String, transport: any HTTPTransport, environment: Environment,
    process: ProcessEnvironment
  ) -> CredentialsChain {
    let services = CredentialServices(
      transport: transport, environment: environment, process: process, region: region)
    let profiles = ProfileCredentials(name: profile, services: services)
    let variables: [any CredentialsProvider] = [
      EnvironmentCredentials(process), WebIdentityCredentials(services),
    ]
    let machine: [any CredentialsProvider] = [
      ContainerCredentials(services), InstanceMetadataCredentials(services),
    ]
    return CredentialsChain(profile == nil ? variables + [profiles] + machine : [profiles])
  }
}
