import SternaBase

/// The companion of an index leaf for one column group: what a reader of single columns must know about
/// each of the leaf's segments.
///
///     envelope   group   slice count   per slice: length, chunk descriptors
package struct IndexDetail: Sendable {
  package var group: Int
  /// Per slice of the leaf: its segment's encoded chunk descriptors (`ColumnChunk`), left as bytes here
  /// because editing a tree moves them without looking inside.
  package var slices: [Bytes]

  package static let formatVersion: UInt8 = 1

  package init(group: Int, slices: [Bytes]) {
    self.group = group
    self.slices = slices
  }

  package func encode() -> Bytes {
    var writer = Envelope.begin(.indexDetail, version: Self.formatVersion)
    writer.writeCount(group)
    writer.writeCount(slices.count)
    for slice in slices { writer.writeLengthPrefixed(slice) }
    return writer.finish()
  }

  package init(decoding bytes: Bytes, subject: String) throws(SternaError) {
    var reader = try Envelope.open(bytes, .indexDetail, version: Self.formatVersion, subject: subject)
    group = try reader.readCount(atMost: IndexContent.groupCountMax)
    slices = []
    for _ in 0..<(try reader.readCount(atMost: TreeNode<IndexContent>.childCountMax)) {
      slices.append(try reader.readLengthPrefixed())
    }
    try reader.expectEnd()
  }
}
