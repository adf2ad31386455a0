package import SternaBase

/// A parsed segment: its directory is read and checked, its columns are decoded when asked for.
///
/// `SegmentLayout` draws the bytes. They are expected to have been verified by the object's name; nothing
/// here relies on it.
package struct Segment: Sendable {
  package let kind: BlockKind
  package let rowCount: Int
  package let chunks: [ColumnChunk]
  package let schema: Schema
  let bytes: Bytes

  /// Reads header, trailer and directory.
  /// - Parameter subject: what the bytes are, for error messages: the key of the object.
  package init(parsing bytes: Bytes, subject: String) throws(SternaError) {
    var header = ByteReader(bytes, subject: subject)
    let (kind, alignment, rowCount) = try Self.readHeader(&header)
    let directory = try Self.directoryRange(of: bytes, header)
    var reader = ByteReader(bytes[directory], subject: "\(subject) (directory)")
    let columnCount = try reader.readCount(atMost: SegmentLimits.columnCount)
    let indexNumber = try reader.readCount(atMost: columnCount)
    var chunks: [ColumnChunk] = []
    var end = SegmentLayout.headerByteCount
    for _ in 0..<columnCount {
      let chunk = try ColumnChunk(reading: &reader)
      let range = chunk.byteRange
      guard range.lowerBound >= end, range.upperBound <= directory.lowerBound else {
        throw reader.malformed("column chunk at bytes \(range)")
      }
      guard range.lowerBound % alignment == 0 else { throw reader.malformed("unaligned column chunk") }
      guard chunk.rowCount == rowCount else {
        throw reader.malformed("\(chunk.rowCount) rows of \(rowCount)")
      }
      end = range.upperBound
      chunks.append(chunk)
    }
    try reader.expectEnd()
    self.kind = kind
    self.rowCount = rowCount
    self.schema = try Schema(chunks.map(\.field), indexNumber: indexNumber, reader)
    self.chunks = chunks
    self.bytes = bytes
  }

  /// One column.
  package func decodeColumn(at position: Int, verifyingChecksum: Bool = false) throws(SternaError) -> Column
  {
    let chunk = chunks[position]
    return try chunk.decode(bytes[chunk.byteRange], verifyingChecksum: verifyingChecksum)
  }

  /// The columns at the given positions, or all.
  package func decodeFrame(columns positions: [Int]? = nil) throws(SternaError) -> DataFrame {
    let positions = positions ?? Array(chunks.indices)
    var columns: [Column] = []
    for position in positions { columns.append(try decodeColumn(at: position)) }
    return DataFrame(schema: schema.selecting(positions), columns: columns, rowCount: rowCount)
  }

  private static func readHeader(
    _ reader: inout ByteReader
  ) throws(SternaError) -> (kind: BlockKind, alignment: Int, rowCount: Int) {
    guard try reader.read(UInt32.self) == SegmentLayout.magic else {
      throw reader.malformed("not a segment")
    }
    let version: UInt8 = try reader.read()
    guard version == SegmentLayout.version else {
      throw SternaError(
        .unsupportedFormat, "\(reader.subject) has segment format \(version), not \(SegmentLayout.version)",
        advice: "Read it with a newer version of Sterna.")
    }
    guard let kind = BlockKind(rawValue: try reader.read()) else { throw reader.malformed("unknown kind") }
    let shift: UInt8 = try reader.read()
    guard shift <= 12 else { throw reader.malformed("alignment 2^\(shift)") }
    guard try reader.read(UInt8.self) == 0 else { throw reader.malformed("a reserved byte is set") }
    guard let rowCount = Int(exactly: try reader.read(UInt64.self)), rowCount <= SegmentLimits.rowCount
    else {
      throw reader.malformed("too many rows")
    }
    return (kind, 1 << Int(shift), rowCount)
  }

  /// Where the directory lies; the trailer at the end says how long it is.
  private static func directoryRange(of bytes: Bytes, _ header: ByteReader) throws(SternaError) -> Range<
    Int
  > {
    guard bytes.count < SegmentLimits.byteCount, header.remaining >= SegmentLayout.trailerByteCount else {
      throw header.malformed("\(bytes.count) bytes are no segment")
    }
    let end = bytes.count - SegmentLayout.trailerByteCount
    var trailer = ByteReader(bytes[end..<bytes.count], subject: "\(header.subject) (trailer)")
    let length = Int(try trailer.read(UInt32.self))
    guard try trailer.read(UInt32.self) == SegmentLayout.trailerMagic else {
      throw trailer.malformed("cut short or not a segment")
    }
    guard length <= end - SegmentLayout.headerByteCount else {
      throw trailer.malformed("directory of \(length) bytes")
    }
    return (end - length)..<end
  }
}
