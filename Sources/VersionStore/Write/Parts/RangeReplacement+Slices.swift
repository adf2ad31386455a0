import Columnar
import SternaBase

/// The tree's part of a replaced range.
extension RangeReplacement {
  /// - Parameter latest: without a tail.
  func replaceSlices(
    of latest: VersionContent, _ schema: Schema, epoch: UInt64
  ) async throws -> VersionContent {
    let range = range
    let leaves = try await TreeReader<IndexContent>(blocks: blocks, concurrency: concurrency)
      .leaves(of: latest.root) { summary, _ in summary.keys?.overlaps(range) ?? false }
    let cut = leaves.flatMap(\.leaf.slices).filter { $0.isCut(by: range) }
    let editor = TreeEditor<IndexContent>(blocks: blocks, concurrency: concurrency)
    // The details of the leaves and the rows of the slices that the range cuts, in one round trip.
    async let opening = editor.open(
      latest.root, holdsRun: { $0.keys?.overlaps(range) ?? false },
      isBefore: { ($0.keys?.first ?? .max) <= range.lowerBound })
    let rows = try await read(Array(cut.prefix(1) + cut.dropFirst().suffix(1)), of: latest, schema)
    let opened = try await opening
    try AppendCompatibility.requireSegments(of: opened.items, like: latest, schema)
    let (records, segments) = try await slices(
      from: opened.items, rows, of: latest, schema, epoch: epoch)
    let edited = editor.close(opened, with: records, epoch: epoch)
    try await blocks.put(segments + edited.pending.blocks, concurrency: concurrency)
    var content = latest
    content.root = edited.root
    content.treeSummary = edited.summary ?? .none
    return content
  }

  /// What takes the place of slices.
  /// - Parameter rows: of those that the range cuts.
  /// - Returns: the slices, and segments of theirs that have still to be uploaded.
  private func slices(
    from old: [SliceRecord], _ rows: [SliceEntry: DataFrame], of latest: VersionContent, _ schema: Schema,
    epoch: UInt64
  ) async throws -> ([SliceRecord], [PendingBlock]) {
    let entries = old.map(\.entry)
    var shaped = uploader
    shaped.shape.columnsPerGroup = latest.columnsPerGroup
    var shape = shaped.shape.fitted(to: schema)
    for some in rows.values + [frame].compactMap({ $0 }) { shape = shape.fitted(toTextsOf: some) }
    let edit = try RangeEdit(
      of: entries, replacing: range, newRowCount: frame?.rowCount ?? 0, PartRules(shape)
    ) { entry throws(SternaError) in
      guard let index = rows[entry]?.index else {
        throw SternaError(.corrupt, "the slices of an index are not in the order of their index values")
      }
      return index
    }
    let missing = edit.positionsToRead.map { entries[$0] }.filter { rows[$0] == nil }
    let all = rows.merging(try await read(missing, of: latest, schema)) { first, _ in first }
    var records: [SliceRecord] = []
    var segments: [PendingBlock] = []
    for piece in edit.pieces {
      switch piece {
      case .kept(let position, let kept):
        let keys = kept.count == entries[position].rowCount ? entries[position].keys : nil
        records.append(
          old[position].part(kept, keys: keys ?? all[entries[position]]?.keys(of: kept)))
      case .encoded(let sources):
        let frames = sources.compactMap { source in
          (source.position.map { all[entries[$0]] } ?? frame)?.slice(source.rows)
        }
        let whole = try DataFrame.concatenating(schema, frames)
        if whole.rowCount < shape.rowCountMin {
          // Too few rows to be cut: their segments are uploaded together with the nodes.
          let encoded = try await shaped.encodedSlice(whole, epoch: epoch)
          records.append(encoded.record)
          segments += encoded.blocks
        } else {
          records += try await shaped.upload(
            FrameSource(whole), epoch: epoch, behind: Self.run(before: sources.first, records, entries)
          ).records
        }
      }
    }
    return (records, segments)
  }

  /// The rows since the last cut, as far as that can be told: where a segment begins, there was one.
  private static func run(
    before first: RangeEdit.Source?, _ records: [SliceRecord], _ entries: [SliceEntry]
  ) -> RowSlicer.Run {
    if let position = first?.position, entries[position].segmentRows.lowerBound == 0 { return .init() }
    guard let last = records.last?.entry, last.isPart else { return .init() }
    return RowSlicer.Run(rowCount: last.segmentRows.upperBound, lastKey: last.keys?.last)
  }

  /// All rows of some slices.
  private func read(
    _ slices: [SliceEntry], of latest: VersionContent, _ schema: Schema
  ) async throws -> [SliceEntry: DataFrame] {
    guard !slices.isEmpty else { return [:] }
    let plan = ReadPlan(schema: schema, columnsPerGroup: latest.columnsPerGroup, wholeSlices: slices)
    let frame = try await FrameReader(blocks: blocks, concurrency: concurrency).read(plan)
    var rows: [SliceEntry: DataFrame] = [:]
    for slice in plan.slices {
      rows[slice.entry] = frame.slice(slice.firstRow..<(slice.firstRow + slice.entry.rowCount))
    }
    return rows
  }
}

extension SliceEntry {
  /// Whether a range of index values takes some of the slice's rows and leaves others.
  fileprivate func isCut(by range: ClosedRange<Int64>) -> Bool {
    keys.map { $0.overlaps(range) && ($0.first < range.lowerBound || $0.last > range.upperBound) } ?? false
  }
}
