import Columnar
import SternaBase

/// The chunk descriptors of one segment as they stand in an index detail node.
enum SegmentDetail {
  static let chunkCountMax = 100_000

  static func encode(_ chunks: [ColumnChunk]) -> Bytes {
    var writer = ByteWriter()
    writer.writeCount(chunks.count)
    for chunk in chunks { chunk.write(to: &writer) }
    return writer.finish()
  }

  static func decode(_ bytes: Bytes, subject: String) throws(SternaError) -> [ColumnChunk] {
    var reader = ByteReader(bytes, subject: subject)
    var chunks: [ColumnChunk] = []
    for _ in 0..<(try reader.readCount(atMost: chunkCountMax)) {
      chunks.append(try ColumnChunk(reading: &reader))
    }
    try reader.expectEnd()
    return chunks
  }
}
