/// When and how an object is uploaded in parts.
package struct MultipartPolicy: Hashable, Sendable {
  /// Larger objects go in parts.
  package var thresholdByteCount = 64 << 20
  /// The size of a part, all but the last; more where an object would need too many. S3 wants 5 MiB at
  /// least.
  package var partByteCount = 16 << 20
  /// Parts under way at one time.
  package var parallelPartCount = 4
  /// Attempts at one part: a fault in the last one should not send the others again.
  package var attemptCountMax = 3

  /// S3's limit.
  static let partCountMax = 10_000

  package init() {}

  /// The parts of an object, in order; together they are the whole.
  func parts(ofByteCount byteCount: Int) -> [Range<Int>] {
    let leastByteCount = (byteCount + Self.partCountMax - 1) / Self.partCountMax
    let size = max(partByteCount, leastByteCount)
    return stride(from: 0, to: byteCount, by: size).map { $0..<min($0 + size, byteCount) }
  }
}
