import Columnar
import ObjectStore
import Sterna
import VersionStore

/// What is printed of one object of a store.
struct ObjectReport {
  let key: ObjectKey
  let byteCount: Int
  let object: StoredObject

  /// Reads the object, and checks all that it says of itself.
  static func read(_ key: String, in store: Store) async throws -> ObjectReport {
    let name = try ObjectKey(parsing: key)
    let bytes = try await store.objects.get(key).bytes
    return try ObjectReport(key: name, bytes: bytes)
  }

  init(key: ObjectKey, bytes: Bytes) throws(SternaError) {
    self.key = key
    byteCount = bytes.count
    object = try StoredObject(bytes, at: key)
  }

  func report() throws(SternaError) -> Report {
    var report = Report()
    var head = Record()
    head.add("key", key.text)
    head.add("kind", kind)
    head.add("bytes", byteCount)
    describe(&head)
    report.add("object", head)
    try addParts(&report)
    return report
  }

  private var kind: String {
    switch object {
    case .document: key.kind == .storeMarker ? "store marker" : "library"
    case .ref: "ref"
    case .snapshot: "snapshot"
    case .stagedPiece: "staged piece"
    case .segment: "segment"
    case .indexInner, .indexLeaf: "index node"
    case .indexDetail: "index detail"
    case .historyInner, .historyLeaf: "history node"
    case .schema: "schema"
    case .metadata: "metadata"
    }
  }

  /// What stands beside the parts.
  private func describe(_ head: inout Record) {
    switch object {
    case .segment(let segment):
      head.add("rows", segment.rowCount)
      head.add("columns", segment.chunks.count)
      head.add("index", segment.schema.indexField.map { .string($0.name) } ?? .null)
    case .indexInner(let level, _), .historyInner(let level, _): head.add("level", level)
    case .indexLeaf, .historyLeaf: head.add("level", 0)
    case .indexDetail(let group, _): head.add("columnGroup", group)
    case .metadata(let value): head.add("metadata", value)
    case .snapshot(let snapshot, let metadata, _):
      head.add("name", snapshot.name)
      head.add("phase", String(describing: snapshot.stamp.phase))
      head.add("time", Timestamp(nanosecondsSinceEpoch: snapshot.time).description)
      head.add("creationID", snapshot.stamp.creationID.hex)
      head.add("writeID", snapshot.stamp.writeID.hex)
      head.add("metadata", metadata ?? .null)
    case .stagedPiece(let piece):
      head.add("symbol", piece.token.symbol.text)
      head.add("token", piece.token.text)
      head.add("time", Timestamp(nanosecondsSinceEpoch: piece.time).description)
      head.add("rows", piece.content.summary.rowCount)
      head.add("slices", piece.content.summary.sliceCount)
      head.add("segmentBytes", piece.content.summary.byteCount)
      head.add("sinceVersion", Int(piece.sinceVersion))
    case .document, .ref, .schema: break
    }
  }

  private func addParts(_ report: inout Report) throws(SternaError) {
    switch object {
    case .document(let document): report.add("document", Self.record(document))
    case .ref(let ref):
      report.add("ref", ref.record)
      report.add("versions", try DataFrame(ref.recent.columns))
    case .snapshot(_, _, let members):
      let symbols: [(String, Column)] = [("symbol", .strings(members.map(\.symbol)))]
      report.add("symbols", try DataFrame(symbols + members.map(\.entry).columns))
    case .segment(let segment):
      report.add("columns", try Self.frame(segment.chunks))
    case .indexInner(_, let children): report.add("children", try frame(children))
    case .indexLeaf(let leaf):
      report.add("details", try DataFrame([("key", .strings(leaf.details.map(key.key(of:))))]))
      report.add("slices", try frame(leaf))
    case .indexDetail(_, let slices):
      let numbers = slices.enumerated().flatMap { slice, chunks in chunks.map { _ in Int64(slice) } }
      report.add("slices", try Self.frame(slices.flatMap { $0 }, [("slice", .int64s(numbers))]))
    case .historyInner(_, let children): report.add("children", try frame(children))
    case .historyLeaf(let entries): report.add("versions", try DataFrame(entries.columns))
    case .schema(let schema):
      report.add(
        "columns",
        try DataFrame([
          ("column", .strings(schema.fields.map(\.name))),
          ("type", .strings(schema.fields.map(\.type.description))),
          ("isIndex", .bools(schema.fields.map { $0.name == schema.indexField?.name })),
        ]))
    case .metadata, .stagedPiece: break
    }
  }

  private static func record(_ document: JSONValue) -> Record {
    var record = Record()
    guard case .object(let members) = document else {
      record.add("value", document)
      return record
    }
    for member in members { record.add(member.name, member.value) }
    return record
  }
}

// MARK: - Tables

extension ObjectReport {
  private static func frame(
    _ chunks: [ColumnChunk], _ before: [(String, Column)] = []
  ) throws(SternaError) -> DataFrame {
    try DataFrame(before + ColumnSummary.columns(of: chunks.map { ColumnSummary($0.field, chunks: [$0]) }))
  }

  private func frame(_ children: [TreeChild<IndexContent>]) throws(SternaError) -> DataFrame {
    let summaries = children.map(\.summary)
    return try DataFrame([
      ("rows", .int64s(summaries.map { Int64($0.rowCount) })),
      ("slices", .int64s(summaries.map { Int64($0.sliceCount) })),
      ("segmentBytes", .int64s(summaries.map { Int64($0.byteCount) })),
      ("first", .int64s(summaries.map(\.keys?.first))), ("last", .int64s(summaries.map(\.keys?.last))),
      ("key", .strings(children.map { key.key(of: $0.pointer) })),
    ])
  }

  /// A line a segment; one slice has several when its columns are in groups.
  private func frame(_ leaf: IndexContent.Leaf) throws(SternaError) -> DataFrame {
    let lines = leaf.slices.enumerated().flatMap { number, slice in
      slice.segments.enumerated().map { (number: number, slice: slice, group: $0, segment: $1) }
    }
    return try DataFrame([
      ("slice", .int64s(lines.map { Int64($0.number) })),
      ("columnGroup", .int64s(lines.map { Int64($0.group) })),
      ("rows", .int64s(lines.map { Int64($0.slice.rowCount) })),
      ("partFrom", .int64s(lines.map { $0.slice.isPart ? Int64($0.slice.segmentRows.lowerBound) : nil })),
      ("segmentRows", .int64s(lines.map { $0.slice.isPart ? Int64($0.slice.segmentRowCount) : nil })),
      ("bytes", .int64s(lines.map { Int64($0.segment.byteCount) })),
      ("first", .int64s(lines.map(\.slice.keys?.first))), ("last", .int64s(lines.map(\.slice.keys?.last))),
      ("key", .strings(lines.map { key.key(of: $0.segment) })),
    ])
  }

  private func frame(_ children: [TreeChild<HistoryContent>]) throws(SternaError) -> DataFrame {
    let summaries = children.map(\.summary)
    return try DataFrame([
      ("firstVersion", .int64s(summaries.map { Int64(clamping: $0.firstNumber) })),
      ("lastVersion", .int64s(summaries.map { Int64(clamping: $0.lastNumber) })),
      ("firstTime", .timestamps(summaries.map(\.firstTime), unit: .nanosecond, zone: "UTC")),
      ("lastTime", .timestamps(summaries.map(\.lastTime), unit: .nanosecond, zone: "UTC")),
      ("key", .strings(children.map { key.key(of: $0.pointer) })),
    ])
  }
}
