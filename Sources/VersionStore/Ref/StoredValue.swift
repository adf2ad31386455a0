import Columnar
import SternaBase

/// A value kept where it is used when it is small, else in a block of its own: schemas and user metadata.
package enum StoredValue: Hashable, Sendable {
  case inline(Bytes)
  case block(BlockPointer)

  /// The largest value kept inline: the ref stays small whatever users attach.
  package static let inlineByteCountMax = 2_048

  /// The largest schema kept inline, of about a thousand columns: every reader needs it, and all versions
  /// in a ref share it, so it is not worth a request.
  package static let inlineSchemaByteCountMax = 16 << 10

  /// Keeps a value, adding a block to `pending` where it is too large to be inline.
  package init(
    storing bytes: Bytes, inlineByteCountMax: Int = inlineByteCountMax, pending: inout PendingBlocks
  ) {
    self = bytes.count <= inlineByteCountMax ? .inline(bytes) : .block(pending.add(.metadata, bytes))
  }

  package init(storing schema: Schema, pending: inout PendingBlocks) {
    self.init(storing: schema.encoded, inlineByteCountMax: Self.inlineSchemaByteCountMax, pending: &pending)
  }

  package func load(from blocks: BlockStore) async throws -> Bytes {
    switch self {
    case .inline(let bytes): bytes
    case .block(let pointer): try await blocks.get(pointer)
    }
  }

  package static func == (left: StoredValue, right: StoredValue) -> Bool {
    switch (left, right) {
    case (.inline(let left), .inline(let right)): left == right
    case (.block(let left), .block(let right)): left == right
    default: false
    }
  }

  package func hash(into hasher: inout Hasher) {
    switch self {
    case .inline(let bytes): hasher.combine(SHA256Digest(hashing: bytes))
    case .block(let pointer): hasher.combine(pointer)
    }
  }

  package func write(to writer: inout ByteWriter) {
    switch self {
    case .inline(let bytes):
      writer.write(UInt8(0))
      writer.writeLengthPrefixed(bytes)
    case .block(let pointer):
      writer.write(UInt8(1))
      pointer.write(to: &writer)
    }
  }

  package init(reading reader: inout ByteReader) throws(SternaError) {
    switch try reader.read(UInt8.self) {
    case 0: self = .inline(try reader.readLengthPrefixed())
    case 1: self = .block(try BlockPointer(reading: &reader))
    case let other: throw reader.malformed("stored value form \(other)")
    }
  }
}
