package import SternaBase

/// Where one column of a segment lies, what it holds, and how to decode it: all that is needed to fetch and
/// decode the chunk alone.
///
///     field | first byte varint | byte count varint | row count varint | statistics | checksum | tree
///
/// The same bytes stand in a segment's directory and in the companion nodes of the index tree.
package struct ColumnChunk: Hashable, Sendable {
  package let field: Field
  /// Where the chunk lies in its segment.
  package let byteRange: Range<Int>
  package let rowCount: Int
  package let statistics: ColumnStatistics
  package let checksum: ChunkChecksum
  let root: EncodedNode

  /// The encodings on one line, for people.
  package var encodingDescription: String { root.description }

  package func write(to writer: inout ByteWriter) {
    field.write(to: &writer)
    writer.writeCount(byteRange.lowerBound)
    writer.writeCount(byteRange.count)
    writer.writeCount(rowCount)
    statistics.write(to: &writer)
    checksum.write(to: &writer)
    root.write(to: &writer)
  }

  package init(reading reader: inout ByteReader) throws(SternaError) {
    let field = try Field(reading: &reader)
    let start = try reader.readCount(atMost: SegmentLimits.byteCount)
    let byteCount = try reader.readCount(atMost: SegmentLimits.byteCount - start)
    let rowCount = try reader.readCount(atMost: SegmentLimits.rowCount)
    let statistics = try ColumnStatistics(reading: &reader, type: field.type, rowCount: rowCount)
    let checksum = try ChunkChecksum(reading: &reader)
    let root = try EncodedNode(reading: &reader)
    self.init(
      field: field, byteRange: start..<(start + byteCount), rowCount: rowCount, statistics: statistics,
      checksum: checksum, root: root)
  }

  init(
    field: Field, byteRange: Range<Int>, rowCount: Int, statistics: ColumnStatistics,
    checksum: ChunkChecksum,
    root: EncodedNode
  ) {
    self.field = field
    self.byteRange = byteRange
    self.rowCount = rowCount
    self.statistics = statistics
    self.checksum = checksum
    self.root = root
  }
}

extension ColumnChunk {
  /// The column in the chunk's bytes. Verify the checksum unless the hash of the whole object was verified.
  package func decode(_ bytes: Bytes, verifyingChecksum: Bool) throws(SternaError) -> Column {
    do throws(SternaError) {
      try check(bytes, verifyingChecksum: verifyingChecksum)
      let column = try ColumnDecoder.decode(root, bytes, type: field.type, count: rowCount)
      return try checked(column.validity, column)
    } catch { throw named(error) }
  }

  /// As `decode`, for a type of fixed width straight into its final place; returns which rows are present.
  func decodeSlots(
    _ bytes: Bytes, verifyingChecksum: Bool, into slots: UnsafeMutableRawBufferPointer
  ) throws(SternaError) -> Bitmap? {
    do throws(SternaError) {
      try check(bytes, verifyingChecksum: verifyingChecksum)
      let validity = try ColumnDecoder.decodeSlots(
        root, bytes, type: field.type, count: rowCount, into: slots)
      return try checked(validity, validity)
    } catch { throw named(error) }
  }

  /// The distinct texts of a text column that is stored as codes; nil for others.
  var distinctTextCount: Int? {
    let values = root.encoding == .nullable ? root.children[1] : root
    guard field.type == .utf8, values.encoding == .dictionary else { return nil }
    return Int(exactly: values.parameters[0]).map { min($0, rowCount) }
  }

  /// The codes of a column with `distinctTextCount` to their final place, their texts, and which rows are
  /// present.
  func decodeCodes(
    _ bytes: Bytes, verifyingChecksum: Bool, into codes: UnsafeMutableBufferPointer<UInt32>
  ) throws(SternaError) -> (texts: Column, validity: Bitmap?) {
    do throws(SternaError) {
      try check(bytes, verifyingChecksum: verifyingChecksum)
      let (texts, validity) = try ColumnDecoder.decodeCodes(root, bytes, into: codes)
      return try checked(validity, (texts, validity))
    } catch { throw named(error) }
  }

  /// The texts of a utf8 or binary column, not written yet, and which rows are present.
  func decodeTexts(
    _ bytes: Bytes, verifyingChecksum: Bool
  ) throws(SternaError) -> (texts: any TextSource, validity: Bitmap?) {
    do throws(SternaError) {
      try check(bytes, verifyingChecksum: verifyingChecksum)
      let (texts, validity) = try ColumnDecoder.decodeTexts(root, bytes, type: field.type, count: rowCount)
      return try checked(validity, (texts, validity))
    } catch { throw named(error) }
  }

  private func check(_ bytes: Bytes, verifyingChecksum: Bool) throws(SternaError) {
    guard bytes.count == byteRange.count else {
      throw .malformedChunk("\(bytes.count) bytes instead of \(byteRange.count)")
    }
    guard !verifyingChecksum || ChunkChecksum(hashing: bytes) == checksum else {
      throw .malformedChunk("its checksum does not match")
    }
  }

  /// Readers skip chunks by their null count: it must be true.
  private func checked<Result>(_ validity: Bitmap?, _ result: Result) throws(SternaError) -> Result {
    let nullCount = validity.map { rowCount - $0.setCount } ?? 0
    guard nullCount == statistics.nullCount else {
      throw .malformedChunk("\(nullCount) nulls instead of \(statistics.nullCount)")
    }
    return result
  }

  private func named(_ error: SternaError) -> SternaError {
    SternaError(error.code, "column '\(field.name)': \(error.message)", advice: error.advice)
  }
}
