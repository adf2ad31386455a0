/// What the encoder may spend.
public struct EncodingOptions: Hashable, Sendable {
  /// The zstd level tried on whatever is left over; 0 switches zstd off.
  public var compressionLevel: Int

  public init(compressionLevel: Int = 1) { self.compressionLevel = compressionLevel }

  public static let standard = EncodingOptions()
}
