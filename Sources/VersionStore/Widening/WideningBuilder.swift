import Columnar
import SternaBase

/// A version in which a frame with other columns joined a symbol: the latest version's rows with the
/// columns of both, the frame's among them.
///
/// Everything is written anew: slices of one symbol share their column groups. That happens once for each
/// change of columns; rows that lack columns or have narrower numbers are only widened on their way in.
struct WideningBuilder: VersionBuilder {
  let operation: VersionEntry.Operation
  let frame: DataFrame
  /// The index values whose rows give way; nil puts the frame behind the end.
  let replaced: ClosedRange<Int64>?
  let metadata: Bytes?
  let tree: TreeExtension
  let concurrency: Int

  private var blocks: BlockStore { tree.uploader.blocks }

  func build(on base: RefSnapshot, isRebase: Bool) async throws -> VersionContent {
    guard let state = base.state, !state.isDeleted else {
      throw SternaError(.conflict, "symbol '\(blocks.symbol.text)' was deleted while its columns changed")
    }
    let (entry, content) = try await VersionResolver(
      state: state, history: HistoryReader(blocks: blocks, concurrency: concurrency)
    ).resolve(.latest)
    let version = StoredVersion(entry: entry, content: content, blocks: blocks, concurrency: concurrency)
    let union = try await version.schema().union(frame.schema)
    let source = try await WideningSource(of: version, frame, replaced: replaced, schema: union).source
    let rows = try await IncomingRows.receive(
      source, tailRowCountMax: tree.tails.limits.rowCountMax, behind: { RowSlicer.Run() }, tree.uploader,
      epoch: base.epoch)
    return try await WriteBuilder(
      head: rows.head, slices: rows.slices, metadata: metadata, tree: tree, concurrency: concurrency
    ).build(on: base, isRebase: isRebase)
  }
}

/// The rows before, the frame, the rows after: read and widened piece by piece.
private final class WideningSource: @unchecked Sendable {
  // The uploader pulls from one task at a time.
  private var scans: [FrameScan.Iterator]
  private var frame: DataFrame?
  private let schema: Schema

  init(
    of version: StoredVersion, _ frame: DataFrame, replaced: ClosedRange<Int64>?, schema: Schema
  ) async throws {
    self.frame = frame
    self.schema = schema
    var parts: [ReadSelection.Rows] = [.all]
    if let replaced {
      parts = []
      // An empty part before keeps the frame behind the first.
      parts.append(replaced.lowerBound > .min ? .keys(.min...(replaced.lowerBound - 1)) : .numbers(0..<0))
      if replaced.upperBound < .max { parts.append(.keys((replaced.upperBound + 1)...(.max))) }
    }
    scans = []
    for part in parts {
      scans.append(try await version.scan(ReadSelection(rows: part)).makeAsyncIterator())
    }
  }

  var source: FrameSource { FrameSource(schema: schema) { [self] in try await next() } }

  private func next() async throws -> DataFrame? {
    while true {
      if !scans.isEmpty {
        if let piece = try await scans[0].next() { return piece.widened(to: schema) }
        scans.removeFirst()
      }
      if let frame {
        self.frame = nil
        if frame.rowCount > 0 { return frame.widened(to: schema) }
      }
      if scans.isEmpty { return nil }
    }
  }
}
