import Columnar
import Sterna
import VersionStore

/// How the columns of a version are encoded, and what the encodings were weighed against.
struct CodecReport {
  let inspection: Inspection
  /// Bytes that each column has in memory.
  private var memoryByteCounts: [Int]
  /// The first rows: what encodings are explained by.
  private var first: DataFrame?

  /// Reads the version's data once, frame by frame: what texts take in memory stands nowhere else.
  static func read(_ inspection: Inspection, in library: Library) async throws -> CodecReport {
    var report = CodecReport(inspection: inspection)
    let version = AsOf.version(Int(inspection.version.entry.number))
    for try await frame in try await library.scan(inspection.ref.symbol, asOf: version) {
      for (position, column) in frame.columns.enumerated() {
        report.memoryByteCounts[position] += column.memoryByteCount
      }
      if report.first == nil, frame.rowCount > 0 { report.first = frame }
    }
    return report
  }

  private init(inspection: Inspection) {
    self.inspection = inspection
    memoryByteCounts = Array(repeating: 0, count: inspection.schema.fields.count)
  }

  /// A line a column and encoding: one column may be encoded differently from segment to segment.
  func codecs() throws(SternaError) -> DataFrame {
    var lines: [Line] = []
    for (position, chunks) in inspection.chunksOfColumns().enumerated() {
      let stored = chunks.reduce(0) { $0 + $1.byteRange.count }
      let ratio = stored == 0 ? nil : Double(memoryByteCounts[position]) / Double(stored)
      let groups = Dictionary(grouping: chunks, by: \.encodingDescription)
      for (encoding, chunks) in groups.sorted(by: { ($1.value.count, $0.key) < ($0.value.count, $1.key) }) {
        lines.append(
          Line(
            column: inspection.schema.fields[position].name, encoding: encoding, chunkCount: chunks.count,
            rowCount: chunks.reduce(0) { $0 + $1.rowCount },
            byteCount: chunks.reduce(0) { $0 + $1.byteRange.count }, columnRatio: ratio))
      }
    }
    return try DataFrame([
      ("column", .strings(lines.map(\.column))),
      ("segments", .int64s(lines.map { Int64($0.chunkCount) })),
      ("rows", .int64s(lines.map { Int64($0.rowCount) })),
      ("bytes", .int64s(lines.map { Int64($0.byteCount) })),
      ("bitsPerValue", .float64s(lines.map(\.bitsPerValue))),
      ("columnRatio", .float64s(lines.map { $0.columnRatio.map(Self.rounded) })),
      ("encoding", .strings(lines.map(\.encoding))),
    ])
  }

  /// What the encodings of the first rows were weighed against, as an encoder of today sees it, best first.
  func candidates() throws(SternaError) -> DataFrame {
    var names: [String] = []
    var candidates: [EncodingExplanation.Candidate] = []
    for (field, column) in zip(inspection.schema.fields, first?.columns ?? []) {
      let found = try SegmentEncoder().explain(column).candidates
      names += found.map { _ in field.name }
      candidates += found
    }
    return try DataFrame([
      ("column", .strings(names)),
      ("bitsPerValue", .float64s(candidates.map { Self.rounded($0.bitsPerValue) })),
      ("decodeNanoseconds", .float64s(candidates.map { Self.rounded($0.nanosecondsPerValue) })),
      ("readNanoseconds", .float64s(candidates.map { Self.rounded($0.readNanosecondsPerValue) })),
      ("encoding", .strings(candidates.map(\.encoding))),
    ])
  }

  private struct Line {
    let column: String
    let encoding: String
    let chunkCount: Int
    let rowCount: Int
    let byteCount: Int
    /// Bytes in memory to bytes stored, of the whole column; nil when nothing is stored.
    let columnRatio: Double?

    var bitsPerValue: Double? {
      rowCount == 0 ? nil : CodecReport.rounded(Double(byteCount) * 8 / Double(rowCount))
    }
  }

  /// To two digits behind the point.
  private static func rounded(_ number: Double) -> Double { (number * 100).rounded() / 100 }
}
