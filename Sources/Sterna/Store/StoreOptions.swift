import Columnar
import Logging
import VersionStore

/// How to reach a store. What is nil comes from the environment and the profile files that AWS's tools use.
public struct StoreOptions: Sendable {
  /// The S3 service's address, as `https://host[:port]`. Plain http is refused except to this machine.
  public var endpoint: String?
  public var region: String?
  public var profile: String?
  public var accessKeyID: String?
  public var secretAccessKey: String?
  public var sessionToken: String?
  /// How the bucket is named in requests.
  public var addressing = Addressing.auto
  /// A file of certificate authorities to trust instead of the system's.
  public var certificateAuthorityFile: String?
  /// Plain http to hosts other than this machine: data and metadata can then be read on the way.
  public var allowsPlainHTTP = false
  /// Accepts a store without working conditional writes, on the user's word that only one writer works at a
  /// time.
  public var allowsSingleWriter = false
  /// Requests in flight at once.
  public var requestsInFlightMax = 64
  /// Bytes of requests in flight at once.
  public var bytesInFlightMax = 256 << 20
  /// Where slices settle, in rows; a slice has between half and twice as many.
  public var rowsPerSlice = 128 << 10
  /// What is written is encoded for: fast decoding, a bucket on a good network, or few bytes. Whoever reads
  /// needs to know nothing of it.
  public var encodingPreference = EncodingOptions.Preference.balanced
  /// Everything else about how versions are kept; what searches for faults makes it small.
  package var layout = SymbolStore.Options()
  /// Where warnings and details go. Silent unless set.
  public var logger = Logger(label: "sterna") { _ in SwiftLogNoOpLogHandler() }

  public enum Addressing: String, Sendable, CaseIterable {
    /// Virtual-host style for AWS, path style elsewhere.
    case auto
    /// `https://host/bucket/key`
    case path
    /// `https://bucket.host/key`
    case virtual
  }

  /// What is not given here can be set afterwards, or comes from the environment.
  public init(endpoint: String? = nil, region: String? = nil, profile: String? = nil) {
    self.endpoint = endpoint
    self.region = region
    self.profile = profile
  }
}

extension StoreOptions: CustomStringConvertible {
  /// Names no secret.
  public var description: String {
    "StoreOptions(endpoint: \(endpoint ?? "default"), region: \(region ?? "default"), "
      + "credentials: \(accessKeyID == nil ? "from the environment" : "given"))"
  }
}
