package import SternaBase

/// Encodes frames as segments. Equal frames and options give equal bytes, so equal names, while the zstd
/// library is the same.
package struct SegmentEncoder: Sendable {
  package let options: EncodingOptions

  package init(options: EncodingOptions = .standard) { self.options = options }

  /// Encodes all rows of a frame.
  /// - Precondition: `alignment` is a power of two up to 4,096. 64 suits data; 8 keeps index nodes small.
  package func encode(
    _ frame: DataFrame, kind: BlockKind, alignment: Int = 64
  ) throws(SternaError) -> EncodedSegment {
    try requireLimits(frame)
    var columns: [EncodedColumn] = []
    for column in frame.columns { columns.append(try encode(column)) }
    return try assemble(columns, of: frame, kind: kind, alignment: alignment)
  }

  /// Encodes one column of a frame: the work of a segment, which may be done for many columns at once.
  package func encode(_ column: Column) throws(SternaError) -> EncodedColumn {
    let (root, bytes) = try ColumnEncoder(options: options).encode(column)
    return EncodedColumn(
      root: root, bytes: bytes, statistics: ColumnStatistics(of: column),
      checksum: ChunkChecksum(hashing: bytes))
  }

  /// Puts the encoded columns of a frame into one segment.
  package func assemble(
    _ columns: [EncodedColumn], of frame: DataFrame, kind: BlockKind, alignment: Int = 64
  ) throws(SternaError) -> EncodedSegment {
    precondition(alignment.nonzeroBitCount == 1 && alignment <= 4_096)
    try requireLimits(frame)
    var chunks: [ColumnChunk] = []
    var end = SegmentLayout.headerByteCount
    for (field, column) in zip(frame.schema.fields, columns) {
      let start = (end + alignment - 1) / alignment * alignment
      end = start + column.bytes.count
      chunks.append(
        ColumnChunk(
          field: field, byteRange: start..<end, rowCount: frame.rowCount, statistics: column.statistics,
          checksum: column.checksum, root: column.root))
    }
    let directory = directory(of: chunks, indexColumn: frame.schema.indexColumn)
    let byteCount = end + directory.count + SegmentLayout.trailerByteCount
    guard byteCount < SegmentLimits.byteCount else {
      throw SternaError(
        .resourceLimit, "a segment of \(byteCount) bytes is over the limit of \(SegmentLimits.byteCount)",
        advice: "Write fewer rows or columns to a segment.")
    }
    let header = header(of: frame, kind: kind, alignment: alignment)
    let bytes = Bytes(count: byteCount) { whole in
      assemble(
        whole, header: header, chunks: chunks, payloads: columns.map(\.bytes), directory: directory)
    }
    return EncodedSegment(bytes: bytes, chunks: chunks)
  }

  private func requireLimits(_ frame: DataFrame) throws(SternaError) {
    guard frame.rowCount <= SegmentLimits.rowCount, frame.columns.count <= SegmentLimits.columnCount else {
      throw SternaError(
        .resourceLimit,
        "\(frame.rowCount) rows of \(frame.columns.count) columns do not fit in one segment",
        advice:
          "A segment holds at most \(SegmentLimits.rowCount) rows and \(SegmentLimits.columnCount) columns."
      )
    }
    for field in frame.schema.fields where field.name.utf8.count > SegmentLimits.nameByteCount {
      throw SternaError(
        .invalidArgument, "a column's name has \(field.name.utf8.count) bytes",
        advice: "Names of columns have at most \(SegmentLimits.nameByteCount) bytes.")
    }
  }

  private func header(of frame: DataFrame, kind: BlockKind, alignment: Int) -> Bytes {
    var writer = ByteWriter(reserving: SegmentLayout.headerByteCount)
    writer.write(SegmentLayout.magic)
    writer.write(SegmentLayout.version)
    writer.write(kind.rawValue)
    writer.write(UInt8(alignment.trailingZeroBitCount))
    writer.write(UInt8(0))
    writer.write(UInt64(frame.rowCount))
    return writer.finish()
  }

  private func directory(of chunks: [ColumnChunk], indexColumn: Int?) -> Bytes {
    var writer = ByteWriter(reserving: chunks.count * 64)
    writer.writeCount(chunks.count)
    writer.writeCount(indexColumn.map { $0 + 1 } ?? 0)
    for chunk in chunks { chunk.write(to: &writer) }
    return writer.finish()
  }

  private func assemble(
    _ whole: UnsafeMutableRawBufferPointer, header: Bytes, chunks: [ColumnChunk], payloads: [Bytes],
    directory: Bytes
  ) {
    var end = 0
    func place(_ bytes: Bytes, at start: Int) {
      UnsafeMutableRawBufferPointer(rebasing: whole[end..<start]).initializeMemory(
        as: UInt8.self, repeating: 0)
      bytes.withUnsafeBytes {
        UnsafeMutableRawBufferPointer(rebasing: whole[start..<(start + bytes.count)]).copyMemory(from: $0)
      }
      end = start + bytes.count
    }
    place(header, at: 0)
    for (chunk, payload) in zip(chunks, payloads) { place(payload, at: chunk.byteRange.lowerBound) }
    place(directory, at: end)
    var trailer = ByteWriter(reserving: SegmentLayout.trailerByteCount)
    trailer.write(UInt32(directory.count))
    trailer.write(SegmentLayout.trailerMagic)
    place(trailer.finish(), at: end)
  }
}

/// The chunk of one column, not yet at its place in a segment.
package struct EncodedColumn: Sendable {
  let root: EncodedNode
  let bytes: Bytes
  let statistics: ColumnStatistics
  let checksum: ChunkChecksum

  /// Of the chunk.
  package var byteCount: Int { bytes.count }
}
