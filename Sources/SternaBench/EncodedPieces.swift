import Columnar
import SternaBase

/// A column as the segments of a store hold it, checked to come back as it was.
struct EncodedPieces {
  /// As many rows as a segment of the store has by default.
  static let rowCountMax = 128 << 10

  private let segments: [Segment]
  /// The encoding of the first segment.
  let encoding: String

  init(of column: Column, name: String, options: EncodingOptions) throws {
    let encoder = SegmentEncoder(options: options)
    segments = try Self.frames(of: column, name: name).map { frame in
      let encoded = try encoder.encode(frame, kind: .segment)
      let segment = try Segment(parsing: encoded.bytes, subject: name)
      guard try segment.decodeColumn(at: 0) == frame.columns[0] else {
        throw SternaError(.corrupt, "column '\(name)' did not come back as it was")
      }
      return segment
    }
    encoding = segments.first?.chunks[0].encodingDescription ?? "-"
  }

  static func frames(of column: Column, name: String) throws -> [DataFrame] {
    try stride(from: 0, to: column.count, by: rowCountMax).map {
      try DataFrame([(name, column.slice($0..<min($0 + rowCountMax, column.count)))])
    }
  }

  var byteCount: Int { segments.reduce(0) { $0 + $1.chunks[0].byteRange.count } }

  func decodeNanoseconds(fastestOf count: Int) throws -> Double {
    try CPUTime.fastest(count) {
      for segment in segments { _ = try segment.decodeColumn(at: 0) }
    }
  }
}
