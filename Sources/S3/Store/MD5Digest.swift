internal import CCrypto
internal import SternaBase

/// MD5, where S3 asks for it: a checksum against accidents and the tag of small objects, never a safeguard.
enum MD5Digest {
  static let byteCount = 16

  static func hashing(_ bytes: Bytes) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: byteCount)
    bytes.withUnsafeBytes { _ = EVP_Digest($0.baseAddress, $0.count, &digest, nil, EVP_md5(), nil) }
    return digest
  }
}
