import Columnar
import Sterna
import VersionStore

// What is printed of an inspection, a section each.
extension Inspection {
  /// The symbol's one mutable object.
  var refRecord: Record { ref.record }

  var versionRecord: Record {
    let (entry, content) = (version.entry, version.content)
    var record = Record()
    record.add("version", .int64(Int64(clamping: entry.number)))
    record.add("time", Timestamp(nanosecondsSinceEpoch: entry.time).description)
    record.add("operation", String(describing: entry.operation))
    record.add("commitID", entry.commitID.hex)
    record.add("rows", content.summary.rowCount)
    record.add("slices", content.summary.sliceCount)
    record.add("segmentBytes", content.summary.byteCount)
    record.add("indexBytes", nodes.reduce(0) { $0 + $1.byteCount })
    record.add("detailBytes", nodes.reduce(0) { $0 + $1.details.reduce(0) { $0 + $1.byteCount } })
    record.add("columnsPerSegment", content.columnsPerGroup)
    record.add("indexRoot", content.root.text)
    record.add("tailRows", content.tail?.rowCount ?? 0)
    record.add("tail", content.tail.map { .string($0.tail.segment.text) } ?? .null)
    record.add("schema", content.schema.text)
    record.add("metadata", content.metadata.map { .string($0.text) } ?? .null)
    return record
  }

  /// A line a level of the index.
  func levels() throws(SternaError) -> DataFrame {
    let levels = Set(nodes.map(\.level)).sorted(by: >).map { level in
      (level, nodes.filter { $0.level == level })
    }
    return try DataFrame([
      ("level", .int64s(levels.map { Int64($0.0) })),
      ("nodes", .int64s(levels.map { Int64($0.1.count) })),
      ("entries", .int64s(levels.map { Int64($0.1.reduce(0) { $0 + $1.entryCount }) })),
      ("bytes", .int64s(levels.map { Int64($0.1.reduce(0) { $0 + $1.byteCount }) })),
    ])
  }

  /// A line a node of the index, and a line a slice below its leaf.
  func tree() throws(SternaError) -> DataFrame {
    let top = nodes.first?.level ?? 0
    let lines = nodes.flatMap { node in
      let indent = String(repeating: "  ", count: top - node.level)
      return [TreeLine(node, indent: indent)] + TreeLine.slices(of: node, indent: indent + "  ")
    }
    let tail = version.content.tail.map {
      TreeLine($0, firstRow: version.content.treeSummary.rowCount)
    }
    return try TreeLine.frame(lines + (tail.map { [$0] } ?? []), indexType: schema.indexField?.type)
  }
}

extension BlockPointer {
  /// The beginning of the block's name, enough to tell blocks apart and to find the object.
  var shortHash: String { String(digest.hex.prefix(12)) }

  fileprivate var text: String { "block \(shortHash), \(byteCount) bytes" }
}

extension TreeRoot {
  var text: String {
    switch self {
    case .empty: "empty"
    case .inline(let bytes): "in the ref, \(bytes.count) bytes"
    case .block(let pointer): pointer.text
    }
  }
}

extension StoredValue {
  var pointer: BlockPointer? {
    if case .block(let pointer) = self { pointer } else { nil }
  }

  fileprivate var text: String {
    switch self {
    case .inline(let bytes): "in the ref, \(bytes.count) bytes"
    case .block(let pointer): pointer.text
    }
  }
}
