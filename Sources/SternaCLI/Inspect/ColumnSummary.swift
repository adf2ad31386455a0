import Columnar
import Sterna
import TextFormats

/// What is known of a column from the descriptors of its chunks.
struct ColumnSummary {
  let field: Field
  /// The most frequent first.
  let encodings: [String]
  let rowCount: Int
  let byteCount: Int
  let nullCount: Int
  let minimum: Value?
  let maximum: Value?

  init(_ field: Field, chunks: [ColumnChunk]) {
    self.field = field
    let counts = Dictionary(chunks.map { ($0.encodingDescription, 1) }, uniquingKeysWith: +)
    encodings = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    rowCount = chunks.reduce(0) { $0 + $1.rowCount }
    byteCount = chunks.reduce(0) { $0 + $1.byteRange.count }
    nullCount = chunks.reduce(0) { $0 + $1.statistics.nullCount }
    minimum = chunks.compactMap(\.statistics.minimum).min { $0.precedes($1) }
    maximum = chunks.compactMap(\.statistics.maximum).max { $0.precedes($1) }
  }

  static func columns(of summaries: [ColumnSummary]) -> [(String, Column)] {
    [
      ("column", .strings(summaries.map(\.field.name))),
      ("type", .strings(summaries.map(\.field.type.description))),
      ("encoding", .strings(summaries.map(\.encodingText))),
      ("bytes", .int64s(summaries.map { Int64($0.byteCount) })),
      ("bitsPerValue", .float64s(summaries.map(\.bitsPerValue))),
      ("nulls", .int64s(summaries.map { Int64($0.nullCount) })),
      ("min", .strings(summaries.map { $0.minimum?.text(as: $0.field.type) })),
      ("max", .strings(summaries.map { $0.maximum?.text(as: $0.field.type) })),
    ]
  }

  private var encodingText: String {
    let first = encodings.first ?? ""
    return encodings.count > 1 ? "\(first) and \(encodings.count - 1) more" : first
  }

  /// With two digits behind the point.
  private var bitsPerValue: Double? {
    rowCount == 0 ? nil : (Double(byteCount) * 800 / Double(rowCount)).rounded() / 100
  }
}

extension Value {
  /// The order of values of one type; false for values of two.
  fileprivate func precedes(_ other: Value) -> Bool {
    switch (self, other) {
    case (.integer(let left), .integer(let right)): left < right
    case (.unsigned(let left), .unsigned(let right)): left < right
    case (.float32(let left), .float32(let right)): left < right
    case (.float64(let left), .float64(let right)): left < right
    case (.bool(let left), .bool(let right)): !left && right
    case (.timestamp(let left, _), .timestamp(let right, _)): left < right
    case (.duration(let left, _), .duration(let right, _)): left < right
    case (.date(let left), .date(let right)): left < right
    case (.text(let left), .text(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
    case (.binary(let left), .binary(let right)): left.array.lexicographicallyPrecedes(right.array)
    default: false
    }
  }
}
