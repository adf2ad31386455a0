import Columnar
import SternaBase

/// A version in which the rows of a closed range of index values gave way to others: an update, or, with no
/// rows to put there, a deletion.
///
/// Only the slices that the range touches are rewritten. Of the first and last of them the rows outside of
/// the range are read, joined with the new ones and cut anew; all slices in between are dropped unread.
struct RangeReplacement: VersionBuilder {
  let operation: VersionEntry.Operation
  let range: ClosedRange<Int64>
  /// Nil: nothing takes the place of the rows.
  let frame: DataFrame?
  let metadata: Bytes?
  /// Whether a symbol without versions begins with the rows.
  let createsSymbol: Bool
  let uploader: SliceUploader
  let concurrency: Int

  private var blocks: BlockStore { uploader.blocks }

  func build(on base: RefSnapshot, isRebase: Bool) async throws -> VersionContent {
    let history = HistoryReader(blocks: blocks, concurrency: concurrency)
    guard let latest = try await history.latestContent(of: base.state) else {
      return try await firstVersion(on: base, isRebase)
    }
    let oldSchema = try Schema(encoded: try await latest.schema.load(from: blocks))
    let schema = try frame.map { try AppendCompatibility.joined(oldSchema, $0.schema) } ?? oldSchema
    guard schema.indexColumn != nil else {
      throw SternaError(
        .invalidArgument,
        "symbol '\(blocks.symbol.text)' has no index, so rows cannot be replaced by its values",
        advice: "Write the symbol anew, with an index.")
    }
    let records = try await uploadRows(of: latest, schema: schema, epoch: base.epoch)
    let range = range
    var edited = try await TreeEditor<IndexContent>(blocks: blocks, concurrency: concurrency).edit(
      latest.root, epoch: base.epoch, holdsRun: { $0.keys?.overlaps(range) ?? false },
      isBefore: { ($0.keys?.first ?? .max) <= range.lowerBound }
    ) { items in
      try AppendCompatibility.requireSegments(of: items, like: latest, schema)
      let before = items.prefix { ($0.entry.keys?.last ?? .max) < range.lowerBound }
      let after = items.drop { ($0.entry.keys?.first ?? .min) <= range.upperBound }
      return before + records + after
    }
    let content = VersionContent(
      root: edited.root, summary: edited.summary ?? .none,
      schema: schema == oldSchema
        ? latest.schema : StoredValue(storing: schema.encoded, pending: &edited.pending),
      columnsPerGroup: latest.columnsPerGroup,
      metadata: metadata.map { StoredValue(storing: $0, pending: &edited.pending) })
    try await blocks.put(edited.pending.blocks, concurrency: concurrency)
    return content
  }

  private func firstVersion(on base: RefSnapshot, _ isRebase: Bool) async throws -> VersionContent {
    guard createsSymbol, let frame else {
      throw SternaError(
        .symbolNotFound, "there is no symbol '\(blocks.symbol.text)' to change",
        advice: "Write it first, or ask for it to be created.")
    }
    let slices = try await uploader.upload(FrameSource(frame), epoch: base.epoch)
    return try await WriteBuilder(
      slices: slices, metadata: metadata, blocks: blocks, concurrency: concurrency
    ).build(on: base, isRebase: isRebase)
  }

  /// The slices that take the place of those which the range touches.
  private func uploadRows(
    of latest: VersionContent, schema: Schema, epoch: UInt64
  ) async throws -> [SliceRecord] {
    let plan = try await ReadPlanner(blocks: blocks, concurrency: concurrency)
      .plan(ReadSelection(rows: .keys(range)), of: latest)
    var frames: [DataFrame] = []
    if let first = plan.slices.first, let keys = first.entry.keys, keys.first < range.lowerBound {
      let whole = try await rows(of: first, in: plan)
      frames.append(whole.slice(0..<(whole.index?.lowerBound(of: range.lowerBound) ?? 0)))
    }
    if let frame { frames.append(frame) }
    if let last = plan.slices.last, let keys = last.entry.keys, keys.last > range.upperBound {
      let whole = try await rows(of: last, in: plan)
      frames.append(whole.slice((whole.index?.upperBound(of: range.upperBound) ?? 0)..<whole.rowCount))
    }
    var shaped = uploader
    shaped.shape.columnsPerGroup = latest.columnsPerGroup
    let queue = FrameQueue(frames.filter { $0.rowCount > 0 })
    return try await shaped.upload(FrameSource(schema: schema) { queue.next() }, epoch: epoch).records
  }

  /// All rows of a slice, whatever the plan selects of them.
  private func rows(of slice: ReadPlan.Slice, in plan: ReadPlan) async throws -> DataFrame {
    let whole = ReadPlan(
      schema: plan.schema, columnsPerGroup: plan.columnsPerGroup, slices: [slice], columns: plan.columns,
      rows: .all)
    return try await FrameReader(blocks: blocks, concurrency: concurrency).read(whole)
  }
}
