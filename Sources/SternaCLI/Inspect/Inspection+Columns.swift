import Columnar
import Sterna
import VersionStore

extension Inspection {
  /// A line a column: all of its chunks taken together.
  func columns() throws(SternaError) -> DataFrame {
    let summaries = zip(schema.fields, chunksOfColumns()).map { ColumnSummary($0, chunks: $1) }
    return try DataFrame(ColumnSummary.columns(of: summaries))
  }

  /// Of each column, in the order of the rows.
  func chunksOfColumns() -> [[ColumnChunk]] {
    schema.fields.indices.map { position in
      (chunks.map(\.columns) + [tailChunks]).compactMap {
        $0.indices.contains(position) ? $0[position] : nil
      }
    }
  }

  /// A line a column chunk of each segment.
  func segments() throws(SternaError) -> DataFrame {
    var hashes: [String] = []
    var summaries: [ColumnSummary] = []
    for (slice, columns) in chunks {
      for (position, chunk) in columns.enumerated() {
        let group = min(position / max(1, version.content.columnsPerGroup), slice.segments.count - 1)
        hashes.append(slice.segments[group].shortHash)
        summaries.append(ColumnSummary(chunk.field, chunks: [chunk]))
      }
    }
    for chunk in tailChunks {
      hashes.append(version.content.tail?.tail.segment.pointer?.shortHash ?? "in the ref")
      summaries.append(ColumnSummary(chunk.field, chunks: [chunk]))
    }
    return try DataFrame([("segment", .strings(hashes))] + ColumnSummary.columns(of: summaries))
  }
}
