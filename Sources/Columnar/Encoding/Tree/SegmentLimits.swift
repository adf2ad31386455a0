/// What a segment may hold. Checked before anything is allocated: stored bytes are not trusted.
package enum SegmentLimits {
  /// Rows of a whole frame or symbol.
  package static let frameRowCount = 1 << 40
  /// Rows of one segment: 1 GiB of decoded int64s.
  package static let rowCount = 1 << 27
  package static let columnCount = 100_000
  /// Encoded bytes of one segment, and of any part of it.
  package static let byteCount = 1 << 31
  /// Bytes that the texts of one column chunk may expand to.
  static let textByteCount = 1 << 32
  /// zstd cannot do better than 32,768 to 1 (a 128 KiB block in 4 bytes); more is a lie.
  static let compressionRatio = 1 << 16
  /// Nodes from the root of an encoding tree to a leaf.
  static let encodingDepth = 8
  /// Nodes of an encoding tree: each may give as many numbers as the chunk has rows.
  static let encodingNodeCount = 256
  /// UTF-8 bytes of a column's name or a timestamp's zone.
  static let nameByteCount = 1 << 16
  /// Bytes of a text kept as a minimum or maximum.
  static let statisticByteCount = 16
}
