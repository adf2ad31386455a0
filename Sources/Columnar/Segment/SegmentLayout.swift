package import SternaBase

/// The fixed parts of a segment.
///
///     0        "STRN" | version u8 | kind u8 | log2 of the alignment u8 | 0 | row count u64      16 bytes
///              column chunks, each at a multiple of the alignment, zeros between
///              directory: column count varint | index column + 1 varint | a `ColumnChunk` a column
///     end - 8  directory length u32 | "NRTS"                                                      8 bytes
///
/// There is no hash of the whole inside: the name of the object is its SHA-256.
enum SegmentLayout {
  static let magic: UInt32 = 0x4E52_5453  // "STRN" as little-endian bytes
  static let trailerMagic: UInt32 = 0x5354_524E  // "NRTS"
  static let version: UInt8 = 1
  static let headerByteCount = 16
  static let trailerByteCount = 8
}

/// A segment ready to be uploaded, and the descriptors of its chunks for the index.
package struct EncodedSegment: Sendable {
  package let bytes: Bytes
  package let chunks: [ColumnChunk]
}
