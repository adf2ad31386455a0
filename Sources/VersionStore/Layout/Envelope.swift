import SternaBase

/// The first bytes of every object that Sterna writes itself: what it is and in which version of its
/// layout.
///
///     "STRN"   kind   version   body ...   [SHA-256 of all before]
///      4        1      1                    32, where the key is not the hash
///
/// An unknown version is a clean error that asks for a newer Sterna, never a misread.
package struct Envelope: Sendable {
  package enum Kind: UInt8, Sendable {
    case ref = 1
    case indexNode = 2
    case indexDetail = 3
    case historyNode = 4
    case snapshot = 5
    case staged = 6
  }

  private static let magic: [UInt8] = Array("STRN".utf8)
  private static let byteCount = 6

  /// A writer that starts with the header.
  package static func begin(_ kind: Kind, version: UInt8) -> ByteWriter {
    var writer = ByteWriter()
    writer.writeRaw(magic)
    writer.write(kind.rawValue)
    writer.write(version)
    return writer
  }

  /// A reader of the body.
  /// - Throws: `corrupt` for other bytes, `unsupportedFormat` for a version that this build does not know.
  package static func open(
    _ bytes: Bytes, _ kind: Kind, version: UInt8, subject: String
  ) throws(SternaError) -> ByteReader {
    var reader = ByteReader(bytes, subject: subject)
    guard try reader.readRaw(magic.count).array == magic else { throw reader.malformed("no Sterna header") }
    let found = try reader.read(UInt8.self)
    guard found == kind.rawValue else {
      throw reader.malformed("object kind \(found), \(kind.rawValue) expected")
    }
    let foundVersion = try reader.read(UInt8.self)
    guard foundVersion == version else {
      throw SternaError(
        .unsupportedFormat, "\(subject) has format version \(foundVersion), this build reads \(version)",
        advice: "Use a newer release of Sterna to open this store.")
    }
    return reader
  }

  /// What an object's bytes say that they are; nil for what does not begin like an object.
  static func kind(of bytes: Bytes) -> Kind? {
    guard bytes.count >= byteCount, bytes[0..<magic.count].array == magic else { return nil }
    return Kind(rawValue: bytes[magic.count])
  }

  /// Closes an object whose name is not its hash: appends the SHA-256 of everything before.
  package static func seal(_ writer: ByteWriter) -> Bytes {
    var writer = writer
    let digest = writer.bytes.withUnsafeBytes { SHA256Digest(hashing: $0) }
    writer.writeRaw(digest.bytes)
    return writer.finish()
  }

  /// Checks and removes the hash that `seal` appended.
  package static func unseal(_ bytes: Bytes, subject: String) throws(SternaError) -> Bytes {
    let bodyCount = bytes.count - SHA256Digest.byteCount
    guard bodyCount >= byteCount else {
      throw SternaError(.corrupt, "\(subject) is only \(bytes.count) bytes long")
    }
    let body = bytes[0..<bodyCount]
    guard SHA256Digest(bytes: bytes[bodyCount..<bytes.count].array) == SHA256Digest(hashing: body) else {
      throw SternaError(.corrupt, "\(subject) does not match its checksum")
    }
    return body
  }
}
