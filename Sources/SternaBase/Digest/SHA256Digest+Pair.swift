import CKernels

extension SHA256Digest {
  /// The digests of two messages. Where the processor has instructions for SHA-256 both are computed at
  /// once, which takes two thirds of the time: the rounds of the one run while the other's wait for each
  /// other.
  public static func hashing(_ first: Bytes, and second: Bytes) -> (SHA256Digest, SHA256Digest) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 2 * byteCount) { digests in
      guard let start = digests.baseAddress else { preconditionFailure("no memory on the stack") }
      let isDone = first.withUnsafeBytes { first in
        second.withUnsafeBytes { second in
          sterna_sha256_pair(
            first.baseAddress, first.count, second.baseAddress, second.count, start, start + byteCount)
        }
      }
      guard isDone == 1 else { return (SHA256Digest(hashing: first), SHA256Digest(hashing: second)) }
      return (
        SHA256Digest(exactly: Array(digests[..<byteCount])),
        SHA256Digest(exactly: Array(digests[byteCount...]))
      )
    }
  }
}
