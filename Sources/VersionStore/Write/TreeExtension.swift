import Columnar
import SternaBase

/// Puts rows behind a version's tree: into its tail as long as they are few, else into slices, which are
/// merged with the short ones before them.
///
/// However many small appends a symbol grew by, its tree ends up with the slices that one write of the same
/// rows would have cut, and a few shorter ones behind the last cut.
struct TreeExtension: Sendable {
  var uploader: SliceUploader
  let limits: TailLimits
  let concurrency: Int

  private var blocks: BlockStore { uploader.blocks }

  var tails: TailCodec {
    TailCodec(
      blocks: blocks, encoder: uploader.encoder, limits: limits.fitted(to: uploader.shape))
  }

  /// - Parameters:
  ///   - tree: what the rows come behind; it has no tail.
  ///   - rows: of the schema of the new version.
  ///   - slices: come behind the rows; they are uploaded under `epoch` already.
  /// - Returns: the tree, or one with the rows, and a tail.
  func extend(
    _ tree: VersionContent, by rows: DataFrame, _ slices: [SliceRecord] = [], epoch: UInt64
  ) async throws -> VersionContent {
    assert(tree.tail == nil)
    var encoded: EncodedRows?
    if slices.isEmpty {
      guard rows.rowCount > 0 else { return tree }
      switch try await tails.tail(of: rows) {
      case .tail(let tail): return tree.with(tail)
      case .tooLarge(let columns):
        encoded = columns.map { EncodedRows(rowCount: rows.rowCount, columns: $0) }
      }
    }
    var uploader = uploader
    uploader.shape.columnsPerGroup = tree.columnsPerGroup
    let shape = uploader.shape.fitted(to: rows.schema).fitted(toTextsOf: rows)
    let edge = try await TreeReader<IndexContent>(blocks: blocks, concurrency: concurrency)
      .rightEdge(of: tree.root)
    if case .leaf(let old)? = edge.nodes.last {
      try AppendCompatibility.requireSegments(of: old, like: tree, rows.schema)
    }
    let run = OpenRun(at: edge, shape: shape)
    var cut = try Self.cut(rows, behind: run, of: tree, shape)
    var tail: TailUse?
    if !slices.isEmpty {
      cut.finish()
    } else if !cut.complete.isEmpty, let rest = cut.rest {
      if case .tail(let short) = try await tails.tail(of: rest) {
        tail = short
        cut.rest = nil
      }
    }
    let mergeCount = run.mergeCount(
      with: cut.pieces.first?.rowCount ?? 0, isClosed: !cut.complete.isEmpty, shape: shape)
    let merged = run.records.suffix(mergeCount)
    // A run of one slice that ends where the rows begin is complete as it is.
    let isUntouched = merged.count <= 1 && cut.pieces.first?.rowCount == 0
    var added: [SliceRecord] = []
    if !cut.pieces.isEmpty {
      let old = isUntouched ? [] : try await read(Array(merged), of: tree, rows.schema)
      let isWhole = old.isEmpty && cut.pieces.count == 1
      added = try await upload(
        old + cut.pieces, rows.schema, uploader, epoch, encoded: isWhole ? encoded : nil)
    }
    added += slices
    guard !added.isEmpty else { return tail.map(tree.with) ?? tree }
    let replaced = isUntouched ? [] : Array(merged)
    var appender = TreeAppender<IndexContent>(epoch: epoch)
    var extended = tree
    extended.root = appender.append(
      added, to: edge, replacing: replaced.count,
      openCount: cut.complete.isEmpty ? run.records.count : 0)
    extended.treeSummary = tree.treeSummary.replacing(replaced, by: added)
    extended.tail = tail
    try await blocks.put(appender.pending.blocks, concurrency: concurrency)
    return extended
  }

  /// How many rows a version has behind its last cut: what a stream of new rows is cut behind.
  func openRun(of latest: VersionContent, _ schema: Schema) async throws -> RowSlicer.Run {
    let leaf = try await TreeReader<IndexContent>(blocks: blocks, concurrency: concurrency)
      .lastLeaf(of: latest.root) { _ in true }
    let slices = leaf?.slices ?? []
    let open = slices[OpenRun.start(in: slices, uploader.shape.fitted(to: schema))...]
    return RowSlicer.Run(
      rowCount: open.reduce(latest.tail?.rowCount ?? 0) { $0 + $1.rowCount },
      lastKey: latest.summary.keys?.last)
  }
}

// MARK: - Pieces

extension TreeExtension {
  /// Rows cut where a write of all rows would have cut them.
  private struct Cut {
    /// The first one completes the open run.
    var complete: [DataFrame]
    var rest: DataFrame?

    var pieces: [DataFrame] { complete + (rest.map { [$0] } ?? []) }

    mutating func finish() {
      complete = pieces
      rest = nil
    }
  }

  private static func cut(
    _ rows: DataFrame, behind run: OpenRun, of tree: VersionContent, _ shape: SliceShape
  ) throws(SternaError) -> Cut {
    var slicer = RowSlicer(
      shape: shape, schema: rows.schema,
      behind: RowSlicer.Run(rowCount: run.rowCount, lastKey: tree.treeSummary.keys?.last))
    let complete = try slicer.add(rows)
    return Cut(complete: complete, rest: try slicer.finish())
  }

  /// The rows of slices that give way to a merged one.
  private func read(
    _ records: [SliceRecord], of tree: VersionContent, _ schema: Schema
  ) async throws -> [DataFrame] {
    guard !records.isEmpty else { return [] }
    let plan = ReadPlan(
      schema: schema, columnsPerGroup: tree.columnsPerGroup, wholeSlices: records.map(\.entry))
    return [try await FrameReader(blocks: blocks, concurrency: concurrency).read(plan)]
  }

  private func upload(
    _ frames: [DataFrame], _ schema: Schema, _ uploader: SliceUploader, _ epoch: UInt64,
    encoded: EncodedRows?
  ) async throws -> [SliceRecord] {
    let queue = FrameQueue(frames.filter { $0.rowCount > 0 })
    let source = FrameSource(schema: schema) { queue.next() }
    return try await uploader.upload(source, epoch: epoch, encoded: encoded).records
  }
}

extension VersionContent {
  fileprivate func with(_ tail: TailUse) -> VersionContent {
    var content = self
    content.tail = tail
    return content
  }
}

extension SliceSummary {
  /// The summary after the last slices gave way to others.
  fileprivate func replacing(_ old: [SliceRecord], by new: [SliceRecord]) -> SliceSummary {
    let added = IndexContent.summary(of: new)
    guard sliceCount > old.count else { return added }
    let removed = IndexContent.summary(of: old)
    let kept = SliceSummary(
      keys: keys, rowCount: rowCount - removed.rowCount, sliceCount: sliceCount - old.count,
      byteCount: byteCount - removed.byteCount)
    return IndexContent.summary(merging: [kept, added])
  }
}
