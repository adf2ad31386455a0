import Columnar
import Sterna
import VersionStore

/// A line of a printed index: a node, or a segment below its leaf.
struct TreeLine {
  /// What it is, indented by its depth.
  let entry: String
  /// Nil for a root inside the ref.
  let pointer: BlockPointer?
  let byteCount: Int
  let firstRow: Int
  let rowCount: Int
  let keys: KeyRange?
  /// Of a slice that is part of its segment: its rows there, and all rows of the segment.
  var part: (firstRow: Int, segmentRowCount: Int)?

  init(_ node: IndexNode, indent: String) {
    entry = indent + (node.level == 0 ? "leaf" : "level \(node.level)")
    pointer = node.pointer
    byteCount = node.byteCount
    firstRow = node.firstRow
    rowCount = node.summary.rowCount
    keys = node.summary.keys
  }

  init(_ tail: TailUse, firstRow: Int) {
    entry = "tail"
    pointer = tail.tail.segment.pointer
    byteCount = tail.tail.byteCount
    self.firstRow = firstRow
    rowCount = tail.rowCount
    keys = tail.keys
  }

  private init(_ segment: BlockPointer, of slice: SliceEntry, entry: String, firstRow: Int) {
    self.entry = entry
    pointer = segment
    byteCount = segment.byteCount
    self.firstRow = firstRow
    rowCount = slice.rowCount
    keys = slice.keys
    if slice.isPart { part = (slice.segmentRows.lowerBound, slice.segmentRowCount) }
  }

  /// A line a segment; one slice has several when its columns are in groups.
  static func slices(of leaf: IndexNode, indent: String) -> [TreeLine] {
    var firstRow = leaf.firstRow
    return leaf.slices.flatMap { slice in
      defer { firstRow += slice.rowCount }
      return slice.segments.enumerated().map { group, segment in
        TreeLine(
          segment, of: slice,
          entry: indent + (slice.isPart ? "part" : "slice")
            + (slice.segments.count > 1 ? ", group \(group)" : ""),
          firstRow: firstRow)
      }
    }
  }

  static func frame(_ lines: [TreeLine], indexType: DataType?) throws(SternaError) -> DataFrame {
    func text(_ key: Int64) -> String { indexType?.indexText(key) ?? "\(key)" }
    return try DataFrame([
      ("entry", .strings(lines.map(\.entry))),
      ("block", .strings(lines.map { $0.pointer?.shortHash ?? "in the ref" })),
      ("bytes", .int64s(lines.map { Int64($0.byteCount) })),
      ("firstRow", .int64s(lines.map { Int64($0.firstRow) })),
      ("rows", .int64s(lines.map { Int64($0.rowCount) })),
      ("partFrom", .int64s(lines.map { $0.part.map { Int64($0.firstRow) } })),
      ("segmentRows", .int64s(lines.map { $0.part.map { Int64($0.segmentRowCount) } })),
      ("first", .strings(lines.map { $0.keys.map { text($0.first) } })),
      ("last", .strings(lines.map { $0.keys.map { text($0.last) } })),
    ])
  }
}
