/// What the encoder may spend, and for what.
public struct EncodingOptions: Hashable, Sendable {
  /// What a byte less is worth; see `EncodingOptions.nanosecondsPerByte`.
  public enum Preference: String, Hashable, Sendable, CaseIterable {
    /// For local disks and memory: bytes are cheap, decoding is not.
    case speed
    /// For a bucket on a good network.
    case balanced
    /// For slow links and archives.
    case size
  }

  public var preference: Preference
  /// The zstd level of whatever is compressed; 0 switches zstd off.
  public var compressionLevel: Int

  public init(preference: Preference = .balanced, compressionLevel: Int? = nil) {
    self.preference = preference
    self.compressionLevel = compressionLevel ?? (preference == .size ? 9 : 1)
  }

  public static let standard = EncodingOptions()

  /// What a stored byte costs a reader: to move it, and to check its hash. Encodings are compared by the
  /// time that a read takes, bytes and decoding together.
  var nanosecondsPerByte: Double {
    switch preference {
    case .speed: 1
    case .balanced: 8
    case .size: 64
    }
  }
}
